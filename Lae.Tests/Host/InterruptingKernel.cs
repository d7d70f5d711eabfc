using Lae.Composition;
using Lae.Kernels;
using Lae.Targets;
using Microsoft.Extensions.DependencyInjection;

namespace Lae.Tests.Host;

/// <summary>MALA that tells of its transitions, so that a test can interrupt the run in a certain one.</summary>
internal static class InterruptingKernel
{
    public static void Register(IServiceCollection services, Action<long>? stepped) =>
        services.AddKernel<LangevinOptions>("Interrupting", (options, target) => Create(target, options, stepped));

    private static Kernel<LangevinState> Create(Target target, LangevinOptions options, Action<long>? stepped)
    {
        Kernel<LangevinState> inner = MetropolisLangevin.Create(target, options.ToSettings());
        return new Kernel<LangevinState>(inner.Name, inner.Dimension, inner.DType, inner.Initialize, inner.Refresh, inner.DrawNoise, (noise, state) =>
        {
            stepped?.Invoke(noise.Step + 1);
            return inner.Advance(noise, state);
        });
    }
}
