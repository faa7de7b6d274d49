import { html, LitElement, type PropertyValues, type TemplateResult } from 'lit';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { ThemeWatch } from '../items/theme';
import './charts.css';
import type { Figure } from './figure';
import { plotOptions } from './plot';

const moves: Readonly<Record<string, (index: number, count: number) => number>> = {
  ArrowLeft: (index) => index - 1,
  ArrowDown: (index) => index - 1,
  ArrowRight: (index) => index + 1,
  ArrowUp: (index) => index + 1,
  PageDown: (index, count) => index - Math.max(1, Math.round(count / 20)),
  PageUp: (index, count) => index + Math.max(1, Math.round(count / 20)),
  Home: () => 0,
  End: (_index, count) => count - 1,
};

/** A chart of curves (uPlot). The keyboard and screen readers meet a slider over the x axis that reads the values out. */
export class Curves extends LitElement {
  static override properties = { figure: { attribute: false } };
  declare figure: Figure;
  #plot: uPlot | undefined;
  /** What the present plot was built for, and what data it was given. */
  #built = '';
  #given = '';
  #width = 0;
  readonly #theme = new ThemeWatch(this);
  readonly #resize = new ResizeObserver(([entry]) => {
    const width = Math.floor(entry?.contentRect.width ?? 0);
    if (width === this.#width || width === 0) return;
    this.#width = width;
    this.requestUpdate();
  });

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  override disconnectedCallback(): void {
    this.#resize.disconnect();
    this.#plot?.destroy();
    this.#plot = undefined;
    this.#built = '';
    super.disconnectedCallback();
  }

  protected override render(): TemplateResult {
    const { label, cursor } = this.figure;
    return html`<div
      class="plot"
      tabindex="0"
      role="slider"
      aria-label=${label}
      aria-valuemin="0"
      aria-valuemax=${Math.max(0, cursor.count - 1)}
      aria-valuenow=${Math.max(0, cursor.index)}
      aria-valuetext=${cursor.text}
      @keydown=${(event: KeyboardEvent) => this.#onKey(event)}
    ></div>`;
  }

  protected override updated(changed: PropertyValues<this>): void {
    super.updated(changed);
    const target = this.querySelector<HTMLElement>('.plot');
    if (target === null) return;
    this.#resize.observe(target);
    if (this.#width === 0) return;
    this.#draw(target);
  }

  #draw(target: HTMLElement): void {
    const { curves, height, logScale, version, range, marker, levels, cursor } = this.figure;
    const structure = JSON.stringify([this.#theme.version, curves, height, logScale]);
    const data = (): uPlot.AlignedData => this.figure.data(range, this.#width);
    const given = `${version} ${range.join()} ${this.#width} ${marker} ${JSON.stringify(levels)}`;
    if (this.#plot === undefined || structure !== this.#built) {
      this.#plot?.destroy();
      this.#plot = new uPlot(
        plotOptions(() => this.figure, this.#width),
        data(),
        target,
      );
    } else if (given !== this.#given) {
      if (this.#plot.width !== this.#width) this.#plot.setSize({ width: this.#width, height });
      this.#plot.setData(data());
    }
    this.#built = structure;
    this.#given = given;
    const left = cursor.x === undefined ? -10 : this.#plot.valToPos(cursor.x, 'x');
    this.#plot.setCursor({ left, top: left < 0 ? -10 : 0 }, false);
  }

  #onKey(event: KeyboardEvent): void {
    const { cursor, onMove, onCursor } = this.figure;
    const move = moves[event.key];
    if (event.key === 'Escape') onCursor(undefined);
    else if (move === undefined || cursor.count === 0) return;
    else onMove(Math.min(cursor.count - 1, Math.max(0, move(cursor.index, cursor.count))));
    event.preventDefault();
  }
}
customElements.define('infonce-curves', Curves);
