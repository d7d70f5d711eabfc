using System.Text.Json.Nodes;
using Lae.Datasets;
using Lae.Host.Configuration;
using Lae.Host.Data;
using Lae.Models;
using Lae.Numerics;
using Lae.Numerics.Engines;

namespace Lae.Host.Runs;

/// <summary>All that a run needs, checked and loaded, before anything is written.</summary>
/// <param name="Configuration">The bound configuration.</param>
/// <param name="Resolved">The same as JSON, defaults included.</param>
/// <param name="Data">The data.</param>
/// <param name="Model">The model for it.</param>
/// <param name="Workspace">An unpooled workspace of the engine.</param>
internal sealed record PreparedRun(RunConfiguration Configuration, JsonObject Resolved, LoadedData Data, ILatentVariableModel Model, Workspace Workspace)
{
    /// <summary>Who computes.</summary>
    public IEngine Engine => Workspace.Engine;

    /// <summary>The training part.</summary>
    public Dataset Training => Data.Split.Training;

    /// <summary>The test part.</summary>
    public Dataset Test => Data.Split.Test;

    /// <summary>How long and in what portions to train.</summary>
    public TrainingPlan Plan => new(Configuration.Training.Epochs, Configuration.Training.BatchSize, Configuration.Training.LogEvery);

    /// <summary>Steps of the whole run.</summary>
    public long TotalSteps => (long)Plan.StepsPerEpoch(Training.Rows) * Plan.Epochs;

    /// <summary>Binds a configuration, loads its data and makes its model.</summary>
    /// <param name="source">The configuration.</param>
    /// <param name="registry">Known components.</param>
    /// <exception cref="BadInputException">The configuration cannot be used.</exception>
    /// <exception cref="Formats.DataFormatException">The data cannot be used.</exception>
    public static PreparedRun Prepare(ConfigurationSource source, ComponentRegistry registry)
    {
        (RunConfiguration configuration, JsonObject resolved) = new ComponentBinder(registry, source.Files).Bind<RunConfiguration>(source.Root);
        LoadedData data = ConfigurationException.Within("Data", configuration.Data!.Load);
        Dataset training = data.Split.Training;
        DataDescription description = new(training.Columns, training.Levels, training.Rows, training.Shape);
        ILatentVariableModel model = ConfigurationException.Within("Model", () => configuration.Model!.Create(description));
        int threads = configuration.Threads == 0 ? Environment.ProcessorCount : configuration.Threads;
        PreparedRun run = new(configuration, resolved, data, model, Workspace.Unpooled(ConfigurationException.Within("Engine", () => configuration.Engine!.Create(threads))));
        StepDecay.RequireLasting(resolved[nameof(Model)], nameof(Model), run.TotalSteps);
        return run;
    }

    /// <summary>Observations in the form that models take: pixels in [−1, 1], rows of a table as they are.</summary>
    /// <param name="data">The data.</param>
    /// <returns>[rows, columns], in the workspace of the run.</returns>
    public Tensor Observations(Dataset data) => DataForm.Observations(Workspace, data);
}
