// The page of a leader: small forms of acts.
import { start } from "../../layout/js/deed.js";

start();
