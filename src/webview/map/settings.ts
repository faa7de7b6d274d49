import type { MapMethod, Position } from '../../protocol/explore';
import { perStore } from '../items/per-store';
import { Camera } from './camera';
import type { Marker } from './palette';

/** How the map is looked at; kept while other views are shown. */
export interface MapSettings {
  method: MapMethod;
  /** UMAP takes a while: it is made for the position at which it was asked for, and stays. */
  umapAt: Position | undefined;
  /** Where the axes are to be fitted anew. */
  refitAt: Position | undefined;
  lasso: boolean;
  names: boolean;
  search: string;
  hidden: ReadonlySet<number>;
  markers: Map<number, Marker>;
  camera: Camera;
}

export const mapSettings = perStore<MapSettings>(() => ({
  method: 'pca',
  umapAt: undefined,
  refitAt: undefined,
  lasso: false,
  names: true,
  search: '',
  hidden: new Set(),
  markers: new Map(),
  camera: new Camera(),
}));
