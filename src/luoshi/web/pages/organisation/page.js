// Inputs that suggest organisations and regions.
import "./find.js";
