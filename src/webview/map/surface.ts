import type { LabelGroup } from './geometry';
import type { Plot } from './plot';

/** A name's place on the map, CSS pixels: its middle and its size. */
interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

function overlap(a: Box, b: Box): boolean {
  return 2 * Math.abs(a.x - b.x) < a.width + b.width && 2 * Math.abs(a.y - b.y) < a.height + b.height;
}

/** Puts the names of labels over the middle of their points; one that would lie on another, of more items, is left out. */
export function placeNames(
  container: Element,
  groups: ReadonlyMap<number, LabelGroup>,
  { camera }: Plot,
): void {
  const placed: Box[] = [];
  for (const name of container.querySelectorAll<HTMLElement>('[data-label]')) {
    const group = groups.get(Number(name.dataset['label']));
    if (group === undefined) continue;
    const [x, y] = [camera.screenX(group.x), camera.screenY(group.y)];
    name.style.transform = `translate(${x.toFixed(1)}px, ${y.toFixed(1)}px) translate(-50%, -50%)`;
    const box: Box = { x, y, width: name.offsetWidth, height: name.offsetHeight };
    const hidden = placed.some((other) => overlap(box, other));
    name.style.visibility = hidden ? 'hidden' : '';
    if (!hidden) placed.push(box);
  }
}

/** Draws the lasso; no corners take it away. */
export function drawLasso(container: Element, polygon: readonly number[]): void {
  container.querySelector('.map-lasso polygon')?.setAttribute('points', polygon.join(' '));
}
