// Inputs that suggest organisations and regions.
import "../organisation/find.js";
