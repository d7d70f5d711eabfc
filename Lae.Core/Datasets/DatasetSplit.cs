namespace Lae.Datasets;

/// <summary>A dataset in two parts that share no row.</summary>
/// <param name="Training">What a model learns from.</param>
/// <param name="Test">What it is judged on.</param>
public sealed record DatasetSplit(Dataset Training, Dataset Test);
