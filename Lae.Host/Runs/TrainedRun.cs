using Lae.Formats;
using Lae.Host.Configuration;
using Lae.Host.Plugins;
using Lae.Models;
using Lae.Numerics;

namespace Lae.Host.Runs;

/// <summary>A finished training run whose model is used; its data are not needed.</summary>
/// <param name="Folder">The run folder.</param>
/// <param name="Form">The form of its data.</param>
/// <param name="Model">Its model with the learned parameters, on the engine of the run.</param>
/// <param name="Seed">The seed of the run, or that of the command line.</param>
internal sealed record TrainedRun(RunFolder Folder, DataForm Form, TrainedModel Model, ulong Seed)
{
    private static readonly string[] Needed =
        [nameof(RunConfiguration.Seed), nameof(RunConfiguration.Threads), nameof(RunConfiguration.Engine), nameof(RunConfiguration.Plugins), nameof(RunConfiguration.Model)];

    /// <summary>Where the model computes; unpooled.</summary>
    public Workspace Workspace => Model.Parameters.Leaves[0].Workspace;

    /// <summary>Opens a finished run. Plug-ins that its configuration names are loaded.</summary>
    /// <param name="folder">The run folder.</param>
    /// <param name="components">Known components.</param>
    /// <param name="settings">Settings of the command line: seed and threads.</param>
    /// <exception cref="BadInputException">There is no run, it is not one of training or not finished, or its configuration cannot be used.</exception>
    /// <exception cref="DataFormatException">The weights are damaged, or those of another model.</exception>
    public static TrainedRun Open(string folder, ComponentCatalogue components, IEnumerable<KeyValuePair<string, string>> settings)
    {
        RunFolder run = RequireTrained(folder);
        ConfigurationSource source = ConfigurationSource.PartOfRun(run.Configuration, settings, Needed);
        (ModelConfiguration configuration, _) = new ComponentBinder(components.For(source), source.Files).Bind<ModelConfiguration>(source.Root);
        int threads = configuration.Threads == 0 ? Environment.ProcessorCount : configuration.Threads;
        Workspace workspace = Workspace.Unpooled(configuration.Engine!.Create(threads));
        DataForm form = DataForm.Read(run.Data);
        ILatentVariableModel model = ConfigurationException.Within("Model", () => configuration.Model!.Create(form.Describe()));
        return new TrainedRun(run, form, ReadWeights(run, model, workspace), configuration.Seed);
    }

    /// <summary>The model of a run with its learned parameters.</summary>
    /// <param name="run">The run folder.</param>
    /// <param name="model">The model.</param>
    /// <param name="workspace">Where it computes; unpooled.</param>
    /// <exception cref="DataFormatException">The weights are damaged, or those of another model.</exception>
    public static TrainedModel ReadWeights(RunFolder run, ILatentVariableModel model, Workspace workspace)
    {
        using FileStream weights = File.OpenRead(run.Weights);
        return TrainedModel.Read(model, weights, workspace, run.Weights);
    }

    /// <summary>The folder of a training run that is finished.</summary>
    /// <param name="path">The run folder.</param>
    /// <exception cref="RunFolderException">It is not one.</exception>
    public static RunFolder RequireTrained(string path)
    {
        RunFolder run = RunFolder.Open(path);
        if (RunFolder.HoldsSampling(run.Path))
        {
            throw new RunFolderException($"run folder {run.Path}: it is a run of lae sample, which has no model");
        }

        return File.Exists(run.Weights) ? run : throw new RunFolderException($"run folder {run.Path}: there is no weights.safetensors yet; finish the run with: lae --resume {run.Path}");
    }
}
