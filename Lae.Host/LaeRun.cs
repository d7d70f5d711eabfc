using Lae.Composition;
using Lae.Formats;
using Lae.Host.Configuration;
using Lae.Host.Plugins;
using Lae.Host.Runs;
using Lae.Models;
using Lae.Numerics;
using Microsoft.Extensions.DependencyInjection;

namespace Lae.Host;

/// <summary>Uses what a run left, from C# or F#.</summary>
public static class LaeRun
{
    private static readonly string[] Needed = [nameof(RunConfiguration.Threads), nameof(RunConfiguration.Engine), nameof(RunConfiguration.Plugins), nameof(RunConfiguration.Model)];

    /// <summary>Loads the trained model of a finished run. The data of the run are not needed. Plug-ins that the run's configuration names are loaded: load no run folder of a stranger's that names some.</summary>
    /// <param name="folder">The run folder.</param>
    /// <param name="configure">Adds components of other assemblies, if the run's configuration chose some.</param>
    /// <returns>The model with its parameters; it encodes, draws from posteriors, decodes and generates, on the engine of the run.</returns>
    /// <exception cref="BadInputException">There is no run, or its configuration cannot be used.</exception>
    /// <exception cref="DataFormatException">The weights are damaged, or those of another model.</exception>
    public static TrainedModel Load(string folder, Action<IServiceCollection>? configure = null)
    {
        RunFolder run = RunFolder.Open(folder);
        if (!File.Exists(run.Weights))
        {
            throw new RunFolderException($"run folder {run.Path}: there is no weights.safetensors yet; finish the run with: lae --resume {run.Path}");
        }

        ConfigurationSource source = ConfigurationSource.PartOfRun(run.Configuration, Needed);
        (ModelConfiguration configuration, _) = new ComponentBinder(new ComponentCatalogue(configure).For(source), source.Files).Bind<ModelConfiguration>(source.Root);
        int threads = configuration.Threads == 0 ? Environment.ProcessorCount : configuration.Threads;
        Workspace workspace = Workspace.Unpooled(configuration.Engine!.Create(threads));
        ILatentVariableModel model = configuration.Model!.Create(DataForm.Read(run.Data).Describe());
        using FileStream weights = File.OpenRead(run.Weights);
        return TrainedModel.Read(model, weights, workspace, run.Weights);
    }

    /// <summary>The form of a run's data: image shape, levels, names of columns and classes, and how a table was standardised.</summary>
    /// <param name="folder">The run folder.</param>
    /// <returns>The form.</returns>
    /// <exception cref="BadInputException">There is no run.</exception>
    public static DataForm Data(string folder) => DataForm.Read(RunFolder.Open(folder).Data);
}
