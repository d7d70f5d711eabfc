using Microsoft.Extensions.DependencyInjection;

namespace Lae.Composition;

/// <summary>The kernels of Lae, by the names that configuration uses.</summary>
public static class KernelComponents
{
    /// <summary>The step size of a kernel of which it is open, where there is no warm-up.</summary>
    public const double OpenStepSize = 0.1;

    /// <summary>The kernel where a configuration names none, with its settings open: Metropolis-adjusted Langevin trajectories. For <c>[DefaultValue]</c>.</summary>
    public const string Default = "MALT";

    /// <summary>Registers every kernel and every combinator.</summary>
    /// <param name="services">Where components are registered.</param>
    /// <returns>The same services.</returns>
    public static IServiceCollection AddLaeKernels(this IServiceCollection services) => services
        .AddOverdampedKernels()
        .AddUnderdampedKernels()
        .AddHamiltonianKernels()
        .AddMicrocanonicalKernels()
        .AddStochasticGradientKernels()
        .AddCombinators()
        .AddTemperingKernels();
}
