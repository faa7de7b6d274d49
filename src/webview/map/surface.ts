import type { LabelGroup } from './geometry';
import type { Plot } from './plot';

/** Puts the names of labels over the middle of their points. */
export function placeNames(
  container: Element,
  groups: ReadonlyMap<number, LabelGroup>,
  { camera }: Plot,
): void {
  for (const name of container.querySelectorAll<HTMLElement>('[data-label]')) {
    const group = groups.get(Number(name.dataset['label']));
    if (group === undefined) continue;
    const [x, y] = [camera.screenX(group.x), camera.screenY(group.y)];
    name.style.transform = `translate(${x.toFixed(1)}px, ${y.toFixed(1)}px) translate(-50%, -50%)`;
  }
}

/** Draws the lasso; no corners take it away. */
export function drawLasso(container: Element, polygon: readonly number[]): void {
  container.querySelector('.map-lasso polygon')?.setAttribute('points', polygon.join(' '));
}
