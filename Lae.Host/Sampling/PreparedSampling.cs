using System.Text.Json.Nodes;
using Lae.Adaptation;
using Lae.Composition;
using Lae.Host.Configuration;
using Lae.Host.Runs;
using Lae.Kernels;
using Lae.Numerics;
using Lae.Numerics.Engines;
using Lae.Randomness;
using Lae.Targets;

namespace Lae.Host.Sampling;

/// <summary>All that sampling needs, checked and made, before anything is written.</summary>
/// <param name="Configuration">The bound configuration.</param>
/// <param name="Resolved">The same as JSON, defaults included.</param>
/// <param name="Model">The distribution, with the names of what is reported of it and warnings about its data.</param>
/// <param name="Kernel">The kernel for it.</param>
/// <param name="Engine">Who computes.</param>
internal sealed record PreparedSampling(SamplingConfiguration Configuration, JsonObject Resolved, PosteriorOfData Model, IKernel Kernel, IEngine Engine)
{
    /// <summary>The distribution, and what is reported of its draws.</summary>
    public Posterior Posterior => Model.Posterior;

    /// <summary>The log density that the chains move on.</summary>
    public Target Target => Model.Posterior.Target;

    /// <summary>Binds a configuration, and makes its target and kernel.</summary>
    /// <param name="source">The configuration.</param>
    /// <param name="registry">Known components.</param>
    /// <exception cref="BadInputException">The configuration cannot be used.</exception>
    public static PreparedSampling Prepare(ConfigurationSource source, ComponentRegistry registry)
    {
        (SamplingConfiguration configuration, JsonObject resolved) = new ComponentBinder(registry, source.Files).Bind<SamplingConfiguration>(source.Root);
        PosteriorOfData model = ConfigurationException.Within("Target", configuration.Target!.Create);
        Target target = model.Posterior.Target;
        IKernel kernel = ConfigurationException.Within("Kernel", () => configuration.Kernel!.Create(target));
        int threads = configuration.Threads == 0 ? Environment.ProcessorCount : configuration.Threads;
        IEngine engine = ConfigurationException.Within("Engine", () => configuration.Engine!.Create(threads));
        StoppingRule.Of(configuration.Stopping, model.Posterior.Names);
        int centre = configuration.Start.Centre.Length;
        if (centre != 1 && centre != target.Dimension)
        {
            throw new ConfigurationException(null, "Start:Centre", $"it must hold {target.Dimension} numbers as the target has dimensions, or one, not {centre}");
        }

        PreparedSampling run = new(configuration, resolved, model, kernel, engine);
        if (configuration.Warmup.TargetAcceptance is not null && run.Tunable is not { Aims.IsAcceptanceOpen: true })
        {
            throw new ConfigurationException(null, "Warmup:TargetAcceptance", run.Tunable is null
                ? "the warm-up tunes nothing, since the kernel has a StepSize: leave out the one or the other"
                : $"the step size of {run.Tunable.Name} is not found by an acceptance: leave it out");
        }

        return run;
    }

    /// <summary>The kernel with what the configuration leaves open of it, to be warmed up; null if it leaves nothing open.</summary>
    public ITunableKernel? Tunable { get; } = ConfigurationException.Within("Kernel", () => Configuration.Kernel!.Tunable(Model.Posterior.Target));

    /// <summary>Transitions of the run itself that are left out before the first draw: none where the kernel is warmed up.</summary>
    public long BurnIn => Tunable is null ? Configuration.Warmup.Transitions : 0;

    /// <summary>Transitions after the warm-up, at most.</summary>
    public long MostTransitions => Configuration.Stopping.StoppedAt ?? Configuration.Transitions;

    /// <summary>The step size that the configuration gives the kernel; null if it gives none, or a schedule.</summary>
    public double? GivenStepSize => Resolved[nameof(SamplingConfiguration.Kernel)]?["StepSize"] is JsonValue value && value.TryGetValue(out double number) ? number : null;

    /// <summary>When it is enough.</summary>
    public StoppingRule Rule => StoppingRule.Of(Configuration.Stopping, Posterior.Names);

    /// <summary>The chains at a start.</summary>
    /// <param name="kernel">How they move.</param>
    /// <param name="positions">[chains, dimension].</param>
    /// <exception cref="NonFiniteStateException">The log density or gradient there is not finite.</exception>
    public IChainSession Start(IKernel kernel, Tensor positions) => kernel.Accept(new SessionStart(positions, RunKeys.Chains(Configuration.Seed), Engine));

    /// <summary>The kernel with what a warm-up found.</summary>
    /// <param name="tuning">What it found, as a tree; nothing where nothing was open.</param>
    public IKernel Frozen(TensorTree tuning) => Tunable is null ? Kernel : Tunable.Create(KernelTuning.FromTree(tuning));

    /// <summary>Where the chains start; row i does not depend on how many there are.</summary>
    /// <returns>[chains, dimension].</returns>
    public Tensor StartingPositions() => StartingPositions(0, Configuration.Chains);

    /// <summary>Where some chains start.</summary>
    /// <param name="first">The first of them.</param>
    /// <param name="chains">How many.</param>
    /// <returns>[chains, dimension].</returns>
    public Tensor StartingPositions(int first, int chains)
    {
        int dimension = Target.Dimension;
        double[] values = new double[checked(chains * dimension)];
        RowDraws.Normal(RunKeys.Start(Configuration.Seed), 0, first, chains, dimension, values);
        double[] centre = Configuration.Start.Centre;
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = centre[centre.Length == 1 ? 0 : i % dimension] + (Configuration.Start.Spread * values[i]);
        }

        return Tensor.FromArray(values, chains, dimension).Cast(Target.DType);
    }
}
