/** The views, each an element `infonce-<view>`; the page shows one at a time. */
import './loss/element';
import './similarities/element';
import './neighbours/element';
import './pairs/element';
import './map/element';
import './health/element';
import './compare/element';
