namespace Lae.Datasets;

/// <summary>The shape of one image; a row of a dataset holds it in the order [height, width, channels].</summary>
/// <param name="Height">Rows of pixels.</param>
/// <param name="Width">Columns of pixels.</param>
/// <param name="Channels">1 (gray) or 3 (red, green, blue).</param>
public sealed record ImageShape(int Height, int Width, int Channels);
