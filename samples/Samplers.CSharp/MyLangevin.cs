using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Lae.Composition;
using Lae.Kernels;
using Lae.Numerics;
using Lae.Targets;
using Microsoft.Extensions.DependencyInjection;

namespace Samplers;

/// <summary>
/// A Langevin kernel made outside Lae:
/// <code>
///     x' = x + h ∇log π(x) + √(2 h T) ξ,    ξ ~ N(0, I)
/// </code>
/// Stationary law on a Gaussian with precision A: covariance T (A − (h/2) A²)⁻¹. One gradient a step. Shapes: x, ξ are [chains, dimension]; noise leaf <c>xi</c>.
/// </summary>
public static class MyLangevin
{
    /// <summary>The kernel.</summary>
    /// <param name="target">The distribution.</param>
    /// <param name="options">h and T.</param>
    /// <returns>A kernel on the state that Lae has for overdamped Langevin kernels: position, log density, gradient.</returns>
    public static Kernel<LangevinState> Create(Target target, MyLangevinOptions options)
    {
        return new Kernel<LangevinState>(
            "MyLangevin", target.Dimension, target.DType, position => LangevinState.At(target, position), state => LangevinState.At(target, state.Position), Draw, Advance);

        Noise Draw(NoiseSource source) => new(TensorTree.Of(("xi", source.Normal(stream: 0, target.Dimension, target.DType))));

        Transition<LangevinState> Advance(Noise noise, LangevinState state)
        {
            (double h, double t, Tensor xi) = (options.StepSize, options.Temperature, noise[0]);
            Tensor next = state.Position + h * state.Gradient + Math.Sqrt(2 * h * t) * xi;
            return new Transition<LangevinState>(LangevinState.At(target, next), StepInfo.Unadjusted);
        }
    }
}

/// <summary>What a configuration says beside <c>"Type": "MyLangevin"</c>.</summary>
[Description("the Langevin kernel of samples/Samplers.CSharp")]
public sealed record MyLangevinOptions
{
    /// <summary>h, positive. Default 0.1.</summary>
    [Description("step size h")]
    [Range(1e-12, 1e6)]
    public double StepSize { get; init; } = 0.1;

    /// <summary>T, 0 or more. Default 1.</summary>
    [Description("temperature T")]
    [Range(0.0, 1e6)]
    public double Temperature { get; init; } = 1;
}

/// <summary>What <c>"Plugins": ["Samplers.CSharp.dll"]</c> finds.</summary>
public sealed class SamplersPlugin : ILaePlugin
{
    /// <inheritdoc/>
    public void Register(IServiceCollection services) => services.AddKernel<MyLangevinOptions>("MyLangevin", (options, target) => MyLangevin.Create(target, options));
}
