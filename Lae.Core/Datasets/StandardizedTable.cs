namespace Lae.Datasets;

/// <summary>A whole table, standardised by its own statistics.</summary>
/// <param name="Data">The standardised rows.</param>
/// <param name="Standardization">The map that was applied.</param>
public sealed record StandardizedTable(Dataset Data, Standardization Standardization);
