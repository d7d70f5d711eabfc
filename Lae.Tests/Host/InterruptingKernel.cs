using Lae.Adaptation;
using Lae.Composition;
using Lae.Kernels;
using Lae.Targets;
using Microsoft.Extensions.DependencyInjection;

namespace Lae.Tests.Host;

/// <summary>MALA that tells of its transitions, so that a test can interrupt the run in a certain one; under the name of <c>InterruptingOpen</c> its step size is left to the warm-up, of which it tells too.</summary>
internal static class InterruptingKernel
{
    public static void Register(IServiceCollection services, Action<long>? stepped)
    {
        services.AddKernel<LangevinOptions>("Interrupting", (options, target) => Create(target, options.ToSettings(), stepped));
        services.AddKernel<NoOptions>(
            "InterruptingOpen",
            (_, target) => Create(target, new LangevinSettings(0.1), stepped),
            (_, target) => new TunableKernel<LangevinState>("InterruptingOpen", 0.574, tuning => Create(target, new LangevinSettings(tuning.StepSize, 1, tuning.Preconditioner), stepped)));
    }

    private static Kernel<LangevinState> Create(Target target, LangevinSettings settings, Action<long>? stepped)
    {
        Kernel<LangevinState> inner = MetropolisLangevin.Create(target, settings);
        return new Kernel<LangevinState>(inner.Name, inner.Dimension, inner.DType, inner.Initialize, inner.Refresh, inner.DrawNoise, (noise, state) =>
        {
            stepped?.Invoke(noise.Step + 1);
            return inner.Advance(noise, state);
        });
    }

    private sealed record NoOptions;
}
