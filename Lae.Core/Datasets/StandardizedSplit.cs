namespace Lae.Datasets;

/// <summary>A table in two parts, both standardised by the statistics of the training part.</summary>
/// <param name="Training">What a model learns from.</param>
/// <param name="Test">What it is judged on.</param>
/// <param name="Standardization">The map that was applied to both.</param>
public sealed record StandardizedSplit(Dataset Training, Dataset Test, Standardization Standardization);
