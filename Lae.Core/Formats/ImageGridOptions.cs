namespace Lae.Formats;

/// <summary>How small images are laid out in one picture.</summary>
/// <param name="Columns">Images (or pairs) in a row, 1 or more; the default 0 makes the grid nearly square.</param>
/// <param name="Scale">Every sample becomes a square of this side, 1 to 64. Default 4.</param>
/// <param name="Gap">Pixels between images (or pairs) and around them, 0 to 256. Default 4.</param>
/// <param name="PairGap">Pixels between the two images of a pair, 0 to 256. Default 1.</param>
/// <param name="Background">The gray level between the images. Default 255, white.</param>
/// <param name="IsSmooth">Samples are blended (bilinear) where they are enlarged, instead of drawn as squares: digits of 8 x 8 can be read so. Default false.</param>
public sealed record ImageGridOptions(int Columns = 0, int Scale = 4, int Gap = 4, int PairGap = 1, byte Background = 255, bool IsSmooth = false);
