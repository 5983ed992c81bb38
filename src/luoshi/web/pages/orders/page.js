// Orders of the hotline: small forms of acts.
import { start } from "../../layout/js/deed.js";

start();
