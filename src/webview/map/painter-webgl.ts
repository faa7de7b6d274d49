import type { Camera } from './camera';
import { drawingOrder, type Painter, styleBytes } from './painter';

const vertexShader = `#version 300 es
in vec2 position;
in vec4 colour;
in vec2 mark;
uniform vec2 centre;
uniform vec2 scale;
uniform float pixelRatio;
flat out vec4 tint;
flat out float diameter;
flat out float ring;
void main() {
  diameter = mark.x / 8.0 * pixelRatio;
  // A hidden point is put where nothing is drawn.
  gl_Position = vec4(colour.a == 0.0 ? vec2(2.0) : (position - centre) * scale, 0.0, 1.0);
  gl_PointSize = diameter + 1.0;
  tint = colour;
  ring = mark.y;
}`;

const fragmentShader = `#version 300 es
precision highp float;
flat in vec4 tint;
flat in float diameter;
flat in float ring;
out vec4 colour;
void main() {
  float inwards = diameter * 0.5 - length(gl_PointCoord - 0.5) * (diameter + 1.0);
  float opacity = tint.a * clamp(inwards + 0.5, 0.0, 1.0);
  if (ring > 0.5) opacity *= clamp(diameter * 0.28 + 0.5 - inwards, 0.0, 1.0);
  colour = vec4(tint.rgb * opacity, opacity);
}`;

/** One draw call for all points, on the graphics card. */
export class WebGlPainter implements Painter {
  readonly name = 'WebGL';
  readonly limit = Number.POSITIVE_INFINITY;
  readonly #program: WebGLProgram;
  readonly #positions: WebGLBuffer;
  readonly #styles: WebGLBuffer;
  readonly #order: WebGLBuffer;
  readonly #centre: WebGLUniformLocation | null;
  readonly #scale: WebGLUniformLocation | null;
  readonly #pixelRatio: WebGLUniformLocation | null;
  #points = 0;

  constructor(private readonly gl: WebGL2RenderingContext) {
    this.#program = link(gl);
    gl.useProgram(this.#program);
    this.#centre = gl.getUniformLocation(this.#program, 'centre');
    this.#scale = gl.getUniformLocation(this.#program, 'scale');
    this.#pixelRatio = gl.getUniformLocation(this.#program, 'pixelRatio');
    this.#positions = gl.createBuffer();
    this.#styles = gl.createBuffer();
    this.#order = gl.createBuffer();
    this.#attribute('position', this.#positions, { size: 2, type: gl.FLOAT });
    this.#attribute('colour', this.#styles, {
      size: 4,
      type: gl.UNSIGNED_BYTE,
      normalised: true,
      stride: styleBytes,
    });
    this.#attribute('mark', this.#styles, { size: 2, type: gl.UNSIGNED_BYTE, stride: styleBytes, offset: 4 });
    gl.bindBuffer(gl.ELEMENT_ARRAY_BUFFER, this.#order);
    gl.enable(gl.BLEND);
    gl.blendFunc(gl.ONE, gl.ONE_MINUS_SRC_ALPHA);
  }

  setPositions(xy: Float32Array): void {
    const { gl } = this;
    gl.bindBuffer(gl.ARRAY_BUFFER, this.#positions);
    if (xy.length / 2 === this.#points) {
      gl.bufferSubData(gl.ARRAY_BUFFER, 0, xy);
      return;
    }
    this.#points = xy.length / 2;
    gl.bufferData(gl.ARRAY_BUFFER, xy, gl.DYNAMIC_DRAW);
    gl.bufferData(gl.ELEMENT_ARRAY_BUFFER, drawingOrder(this.#points), gl.STATIC_DRAW);
  }

  setStyles(styles: Uint8Array): void {
    this.gl.bindBuffer(this.gl.ARRAY_BUFFER, this.#styles);
    this.gl.bufferData(this.gl.ARRAY_BUFFER, styles, this.gl.DYNAMIC_DRAW);
  }

  draw(camera: Camera, count: number): void {
    const { gl } = this;
    const { width, height } = gl.canvas;
    gl.viewport(0, 0, width, height);
    gl.clear(gl.COLOR_BUFFER_BIT);
    gl.uniform2f(this.#centre, camera.x, camera.y);
    gl.uniform2f(this.#scale, (2 * camera.scale) / camera.width, (2 * camera.scale) / camera.height);
    gl.uniform1f(this.#pixelRatio, width / camera.width);
    gl.drawElements(gl.POINTS, Math.min(count, this.#points), gl.UNSIGNED_INT, 0);
  }

  dispose(): void {
    for (const buffer of [this.#positions, this.#styles, this.#order]) this.gl.deleteBuffer(buffer);
    this.gl.deleteProgram(this.#program);
  }

  #attribute(
    name: string,
    buffer: WebGLBuffer,
    { size, type, normalised = false, stride = 0, offset = 0 }: Attribute,
  ): void {
    const { gl } = this;
    const place = gl.getAttribLocation(this.#program, name);
    gl.bindBuffer(gl.ARRAY_BUFFER, buffer);
    gl.enableVertexAttribArray(place);
    gl.vertexAttribPointer(place, size, type, normalised, stride, offset);
  }
}

interface Attribute {
  readonly size: number;
  readonly type: number;
  readonly normalised?: boolean;
  readonly stride?: number;
  readonly offset?: number;
}

function link(gl: WebGL2RenderingContext): WebGLProgram {
  const program = gl.createProgram();
  for (const [type, source] of [
    [gl.VERTEX_SHADER, vertexShader],
    [gl.FRAGMENT_SHADER, fragmentShader],
  ] as const) {
    const shader = gl.createShader(type);
    if (shader === null) throw new Error('WebGL has been lost.');
    gl.shaderSource(shader, source);
    gl.compileShader(shader);
    gl.attachShader(program, shader);
    gl.deleteShader(shader);
  }
  gl.linkProgram(program);
  if (!gl.getProgramParameter(program, gl.LINK_STATUS)) {
    throw new Error(`WebGL refused the map's shaders: ${gl.getProgramInfoLog(program) ?? 'no reason given'}`);
  }
  return program;
}
