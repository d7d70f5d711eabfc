using Lae.Formats;
using Lae.Host.Configuration;
using Lae.Host.Plugins;
using Lae.Host.Runs;
using Lae.Models;
using Microsoft.Extensions.DependencyInjection;

namespace Lae.Host;

/// <summary>Uses what a run left, from C# or F#.</summary>
public static class LaeRun
{
    /// <summary>Loads the trained model of a finished run. The data of the run are not needed. Plug-ins that the run's configuration names are loaded: load no run folder of a stranger's that names some.</summary>
    /// <param name="folder">The run folder.</param>
    /// <param name="configure">Adds components of other assemblies, if the run's configuration chose some.</param>
    /// <returns>The model with its parameters; it encodes, draws from posteriors, decodes and generates, on the engine of the run.</returns>
    /// <exception cref="BadInputException">There is no run, or its configuration cannot be used.</exception>
    /// <exception cref="DataFormatException">The weights are damaged, or those of another model.</exception>
    public static TrainedModel Load(string folder, Action<IServiceCollection>? configure = null) => TrainedRun.Open(folder, new ComponentCatalogue(configure), []).Model;

    /// <summary>The form of a run's data: image shape, levels, names of columns and classes, and how a table was standardised.</summary>
    /// <param name="folder">The run folder.</param>
    /// <returns>The form.</returns>
    /// <exception cref="BadInputException">There is no run.</exception>
    public static DataForm Data(string folder) => DataForm.Read(RunFolder.Open(folder).Data);
}
