import { html, type TemplateResult } from 'lit';
import { View } from '../view';

export class CompareView extends View {
  static override properties = { store: { attribute: false } };

  protected override render(): TemplateResult {
    return html``;
  }
}
customElements.define('infonce-compare', CompareView);
