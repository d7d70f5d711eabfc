using System.Text.Json.Nodes;
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
        int centre = configuration.Start.Centre.Length;
        return centre == 1 || centre == target.Dimension
            ? new PreparedSampling(configuration, resolved, model, kernel, engine)
            : throw new ConfigurationException(null, "Start:Centre", $"it must hold {target.Dimension} numbers as the target has dimensions, or one, not {centre}");
    }

    /// <summary>Refuses a number of draws that no array could hold.</summary>
    /// <exception cref="ConfigurationException">The positions would take more than 2 GB.</exception>
    public void RefuseTooManyDraws()
    {
        double bytes = (double)Configuration.Draws * Configuration.Chains * Target.Dimension * sizeof(double);
        if (bytes > Array.MaxLength)
        {
            throw new ConfigurationException(null, nameof(SamplingConfiguration.Transitions), FormattableString.Invariant(
                $"{Configuration.Draws} draws of {Configuration.Chains} chains in {Target.Dimension} dimensions take {bytes / 1e9:F1} GB, and an array of draws.npz holds 2.1 GB: keep fewer by Thinning"));
        }
    }

    /// <summary>The chains at their start.</summary>
    /// <exception cref="NonFiniteStateException">The log density or gradient there is not finite.</exception>
    public IChainSession Start() => Kernel.Accept(new SessionStart(StartingPositions(), RunKeys.Chains(Configuration.Seed), Engine));

    /// <summary>Where the chains start; row i does not depend on how many there are.</summary>
    /// <returns>[chains, dimension].</returns>
    public Tensor StartingPositions() => StartingPositions(Configuration.Chains);

    /// <summary>Where the first chains start.</summary>
    /// <param name="chains">How many.</param>
    /// <returns>[chains, dimension].</returns>
    public Tensor StartingPositions(int chains)
    {
        int dimension = Target.Dimension;
        double[] values = new double[checked(chains * dimension)];
        RowDraws.Normal(RunKeys.Start(Configuration.Seed), 0, 0, chains, dimension, values);
        double[] centre = Configuration.Start.Centre;
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = centre[centre.Length == 1 ? 0 : i % dimension] + (Configuration.Start.Spread * values[i]);
        }

        return Tensor.FromArray(values, chains, dimension).Cast(Target.DType);
    }
}
