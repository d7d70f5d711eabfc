using Lae.Kernels;
using Lae.Numerics;
using Lae.Targets;

namespace Lae.Tests.Kernels;

/// <summary>The noise of one step of any overdamped kernel: each takes what it needs.</summary>
/// <param name="Xi">Normals, [points, dimension].</param>
/// <param name="Carried">The noise that a Leimkuhler–Matthews state carries, [points, dimension].</param>
/// <param name="Signs">The uniforms of Barker's directions, [points, dimension].</param>
/// <param name="Uniform">The accept uniform, [points].</param>
internal sealed record OverdampedNoise(Tensor Xi, Tensor Carried, Tensor Signs, Tensor Uniform);

/// <summary>One step of an overdamped kernel by its name, by given noise.</summary>
/// <param name="Position">x'.</param>
/// <param name="EnergyError">Minus the log acceptance ratio; null for an unadjusted kernel.</param>
internal sealed record OverdampedStep(Tensor Position, Tensor? EnergyError)
{
    public static OverdampedStep Of(string name, Target target, LangevinSettings settings, Tensor position, OverdampedNoise noise)
    {
        switch (name)
        {
            case "ULA":
                return Langevin(UnadjustedLangevin.Create(target, settings), ("xi", noise.Xi));
            case "MALA":
                return Langevin(MetropolisLangevin.Create(target, settings), ("xi", noise.Xi), ("uniform", noise.Uniform));
            case "Barker":
                return Langevin(Barker.Create(target, settings), ("xi", noise.Xi), ("uniformSigns", noise.Signs), ("uniform", noise.Uniform));
            case "Leimkuhler–Matthews":
                return new OverdampedStep(LeimkuhlerMatthewsTests.StepWith(LeimkuhlerMatthews.Create(target, settings), position, noise.Carried, noise.Xi).Position, null);
            default:
                throw new ArgumentOutOfRangeException(nameof(name), name, "No such kernel.");
        }

        OverdampedStep Langevin(Kernel<LangevinState> kernel, params (string, Tensor)[] leaves)
        {
            Transition<LangevinState> next = kernel.Advance(new Noise(TensorTree.Of(leaves)), kernel.Initialize(position));
            return new OverdampedStep(next.State.Position, next.Info.EnergyError);
        }
    }
}
