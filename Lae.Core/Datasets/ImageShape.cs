namespace Lae.Datasets;

/// <summary>The shape of one image; a row of a dataset, and of all that models and networks take and make, holds it in the order [channels, height, width]: one whole plane of each colour after
/// the other, as convolutions compute and CIFAR-10 stores it. Readers of files with the channels of a pixel side by side (IDX, CSV, PNG) bring them into this order, and writers of PNG back.</summary>
/// <param name="Height">Rows of pixels.</param>
/// <param name="Width">Columns of pixels.</param>
/// <param name="Channels">1 (gray) or 3 (red, green, blue).</param>
public sealed record ImageShape(int Height, int Width, int Channels);
