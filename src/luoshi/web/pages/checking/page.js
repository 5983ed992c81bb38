// The queue of the supervision office: small forms of acts.
import { start } from "../../layout/js/deed.js";

start();
