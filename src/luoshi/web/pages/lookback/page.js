// Look backs: small forms of acts.
import { start } from "../../layout/js/deed.js";

start();
