using Lae.Composition;
using Microsoft.Extensions.DependencyInjection;

namespace Lae.Host.Data;

/// <summary>Registers the data sources by name.</summary>
internal static class DataServices
{
    public static IServiceCollection AddDataSources(this IServiceCollection services) => services
        .AddComponent<IDataSource, DigitsSource>("Digits8x8", source => source)
        .AddComponent<IDataSource, IdxSource>("IdxImages", source => source)
        .AddComponent<IDataSource, CsvImageSource>("CsvImages", source => source)
        .AddComponent<IDataSource, CsvTableSource>("CsvTable", source => source)
        .AddComponent<IDataSource, Cifar10Source>("Cifar10", source => source)
        .AddComponent<IDataSource, PngFolderSource>("PngFolder", source => source)
        .AddComponent<IDataSource, NumpyTableSource>("NumpyTable", source => source)
        .AddComponent<IColumnSource, CsvColumnSource>("Csv", source => source)
        .AddComponent<IColumnSource, JsonColumnSource>("Json", source => source);
}
