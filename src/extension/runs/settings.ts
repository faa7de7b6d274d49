import type { RunConfig } from '../../protocol/run';

/** The settings of a run as a new one takes them: the size and channels of images follow from the data. */
export function settingsOf(config: RunConfig): Readonly<Record<string, unknown>> {
  const { size: _size, channels: _channels, ...image } = config.image;
  return { ...config, image };
}
