import { random } from '../../engine/random';

export const shapeSize = 28;

/** How far a point is from the edge of a shape of radius 1 about the origin; negative inside. */
type Distance = (x: number, y: number) => number;

const box = (x: number, y: number, width: number, height: number): number =>
  Math.max(Math.abs(x) - width, Math.abs(y) - height);

const polygon =
  (corners: number): Distance =>
  (x, y) => {
    const sector = (2 * Math.PI) / corners;
    const angle = Math.atan2(x, -y);
    const toSide = Math.abs(angle - sector * Math.round(angle / sector));
    return Math.hypot(x, y) * Math.cos(toSide) - Math.cos(sector / 2);
  };

const distances: Readonly<Record<string, Distance>> = {
  circle: (x, y) => Math.hypot(x, y) - 1,
  ring: (x, y) => Math.abs(Math.hypot(x, y) - 0.8) - 0.2,
  square: (x, y) => box(x, y, 0.85, 0.85),
  triangle: polygon(3),
  cross: (x, y) => Math.min(box(x, y, 1, 0.3), box(x, y, 0.3, 1)),
  star: (x, y) => {
    const angle = Math.atan2(y, x);
    return Math.hypot(x, y) - (0.62 + 0.38 * Math.cos(5 * angle));
  },
};

export const shapeNames: readonly string[] = Object.keys(distances);

/** One drawing of a shape: size, place, turn, brightness and noise follow from `index`. Grey values, row by row. */
export function drawShape(name: string, index: number): Uint8Array {
  const distance = distances[name];
  if (distance === undefined) throw new Error(`no shape ${name}`);
  const source = random(0, `shape ${name}`, 0, index);
  const between = (low: number, high: number): number => low + (high - low) * source.next();
  const radius = between(6, 10);
  const [left, top] = [between(radius, shapeSize - radius), between(radius, shapeSize - radius)];
  const turn = between(-Math.PI, Math.PI);
  const [cos, sin] = [Math.cos(turn), Math.sin(turn)];
  const ground = between(0, 60);
  const ink = between(140, 255);
  const pixels = new Uint8Array(shapeSize * shapeSize);
  for (let y = 0; y < shapeSize; y++) {
    for (let x = 0; x < shapeSize; x++) {
      const [dx, dy] = [(x + 0.5 - left) / radius, (y + 0.5 - top) / radius];
      // A soft edge of one pixel.
      const inside = 0.5 - distance(dx * cos + dy * sin, dy * cos - dx * sin) * radius;
      const cover = Math.min(1, Math.max(0, inside));
      const grey = ground + (ink - ground) * cover + 12 * source.normal();
      pixels[y * shapeSize + x] = Math.min(255, Math.max(0, Math.round(grey)));
    }
  }
  return pixels;
}
