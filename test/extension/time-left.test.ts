import { expect, test } from 'vitest';
import { TimeLeft } from '../../src/extension/time-left';

test('the time left follows from the speed of late', () => {
  const left = new TimeLeft();
  expect(left.after(0, 100, 0)).toBeUndefined();
  expect(left.after(1, 100, 500)).toBeUndefined();
  expect(left.after(10, 100, 5_000)).toBeCloseTo(45, 6);
  // Twenty times as fast from now on: after half a minute nothing else counts.
  let seconds: number | undefined;
  for (let i = 1; i <= 80; i++) seconds = left.after(10 + i, 100, 5_000 + i * 1_000);
  expect(seconds).toBeCloseTo(10, 6);
});

test('a resumed run that goes back begins anew', () => {
  const left = new TimeLeft();
  left.after(50, 100, 0);
  expect(left.after(20, 100, 10_000)).toBeUndefined();
  expect(left.after(30, 100, 20_000)).toBeCloseTo(70, 6);
});
