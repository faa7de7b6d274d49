import { assert, integer, property } from 'fast-check';
import { expect, test } from 'vitest';
import { noLabel } from '../../src/protocol/explore';
import { Camera } from '../../src/webview/map/camera';
import { boundsOf, labelGroups, nearest, pointsInside } from '../../src/webview/map/geometry';
import { Motion, startingPoints } from '../../src/webview/map/motion';
import { drawingOrder } from '../../src/webview/map/painter';
import { assignMarkers, markers } from '../../src/webview/map/palette';

const everything = (): boolean => true;

/** A window of 200 by 100 pixels on the unit square around 0, one unit in 40 pixels. */
function camera(): Camera {
  return Object.assign(new Camera(), { width: 200, height: 100, scale: 40 });
}

test('the point under the pointer stays there while zooming', () => {
  const view = camera();
  view.zoom(3, 150, 20);
  // Before: x = (150 - 100) / 40, y = -(20 - 50) / 40.
  expect(view.screenX(1.25)).toBeCloseTo(150);
  expect(view.screenY(0.75)).toBeCloseTo(20);
});

test('what is fitted lies within the window, and a drag moves it by as many pixels', () => {
  const view = camera();
  const xy = Float32Array.of(-3, 10, 7, 12, 1, -4);
  view.fit(boundsOf(xy));
  for (let i = 0; i < xy.length; i += 2) {
    const [x, y] = [view.screenX(xy[i] as number), view.screenY(xy[i + 1] as number)];
    expect(x).toBeGreaterThan(0);
    expect(x).toBeLessThan(200);
    expect(y).toBeGreaterThan(0);
    expect(y).toBeLessThan(100);
  }
  const before = [view.screenX(1), view.screenY(1)] as const;
  view.pan(11, -7);
  expect(view.screenX(1) - before[0]).toBeCloseTo(11);
  expect(view.screenY(1) - before[1]).toBeCloseTo(-7);
});

test('the nearest point counts within reach, and hidden points do not', () => {
  const xy = Float32Array.of(0, 0, 0.1, 0);
  expect(nearest(xy, everything, camera(), 103, 50, 10)).toBe(1);
  expect(nearest(xy, (i) => i !== 1, camera(), 103, 50, 10)).toBe(0);
  expect(nearest(xy, everything, camera(), 150, 50, 10)).toBeUndefined();
});

test('a lasso takes what is within it, dents left out', () => {
  // A U on the screen: the third point lies in the dent.
  const polygon = [60, 10, 140, 10, 140, 90, 120, 90, 120, 40, 80, 40, 80, 90, 60, 90];
  const xy = Float32Array.of(-0.75, -0.5, 0.75, -0.5, 0, -0.5, 0, 0.6, 3, 0);
  expect([...pointsInside(xy, everything, camera(), polygon)]).toEqual([0, 1, 3]);
  expect([...pointsInside(xy, (i) => i !== 1, camera(), polygon)]).toEqual([0, 3]);
});

test('groups are counted, with their middle, the largest first', () => {
  const xy = Float32Array.of(0, 0, 2, 4, 5, 5);
  expect(labelGroups(xy, Uint16Array.of(1, 1, noLabel))).toEqual([
    { label: 1, count: 2, x: 1, y: 2 },
    { label: noLabel, count: 1, x: 5, y: 5 },
  ]);
});

test('the drawing order has every point once', () => {
  assert(
    property(integer({ min: 0, max: 5000 }), (points) => {
      expect(new Set(drawingOrder(points)).size).toBe(points);
    }),
  );
  expect(drawingOrder(100_000).every((index) => index < 100_000)).toBe(true);
});

test('a label keeps its marker while others come and go', () => {
  const first = assignMarkers(new Map(), [4, 2, 9]);
  expect([...first.values()]).toEqual(markers.slice(0, 3));
  const second = assignMarkers(first, [7, 9, 2]);
  expect(second.get(9)).toBe(first.get(9));
  expect(second.get(2)).toBe(first.get(2));
  expect(second.get(7)).toBe(first.get(4));
  const many = assignMarkers(
    second,
    Array.from({ length: 50 }, (_, i) => i),
  );
  expect(many.size).toBe(markers.length);
  expect(new Set(many.values()).size).toBe(markers.length);
});

test('points move from where they were, new ones appear in their place, and all arrive', () => {
  const next = { xy: Float32Array.of(10, 10, 20, 20), row: Int32Array.of(5, 6) };
  const from = startingPoints({ xy: Float32Array.of(0, 2), row: Int32Array.of(6) }, next);
  expect([...from]).toEqual([10, 10, 0, 2]);
  const motion = new Motion(from, next.xy);
  motion.advance(1000);
  expect([...motion.now]).toEqual([10, 10, 0, 2]);
  motion.advance(1175);
  expect([...motion.now]).toEqual([10, 10, 10, 11]);
  expect(motion.under).toBe(true);
  motion.advance(5000);
  expect([...motion.now]).toEqual([...next.xy]);
  expect(motion.under).toBe(false);
  expect(motion.advance(6000)).toBe(false);
});
