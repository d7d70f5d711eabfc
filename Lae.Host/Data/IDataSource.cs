using Lae.Datasets;

namespace Lae.Host.Data;

/// <summary>Where a run takes its data from: what configuration chooses by type.</summary>
public interface IDataSource
{
    /// <summary>Reads the data and divides it, always in the same way.</summary>
    /// <returns>The two parts.</returns>
    /// <exception cref="Formats.DataFormatException">The data are not as they must be; the message names the file and the place.</exception>
    /// <exception cref="ArgumentException">The data cannot be divided as asked.</exception>
    LoadedData Load();
}

/// <summary>The data of a run.</summary>
/// <param name="Split">The training and the test part, in the same form.</param>
/// <param name="Standardization">How a table was standardised, so that rows can be given back in its own units; null for images.</param>
/// <param name="HeldOut">The class that is absent from the training part, and the anomalous one of the test part; null where none was held out.</param>
public sealed record LoadedData(DatasetSplit Split, Standardization? Standardization = null, string? HeldOut = null);
