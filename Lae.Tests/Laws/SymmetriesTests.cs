using Lae.Kernels;
using Lae.Laws;
using Lae.Numerics;
using Lae.Randomness;
using Lae.Targets;
using Lae.Tests.Kernels;
using static Lae.Tests.Kernels.Mutants.LangevinMutants;

namespace Lae.Tests.Laws;

/// <summary>Each symmetry, as a public law, passes for right kernels on targets without symmetry, and sees the bug that is planted for it.</summary>
public sealed class SymmetriesTests
{
    private static readonly RandomKey Key = RandomKey.FromSeed(20_261_122);
    private static readonly LangevinSettings Settings = new(0.1, 1.7);

    public static TheoryData<int> Targets { get; } = [0, 1, 2];

    [Theory]
    [MemberData(nameof(Targets))]
    [Proves("I-51", "ULA", "MALA")]
    [Proves("I-52", "ULA", "MALA")]
    [Proves("I-53", "ULA", "MALA")]
    public void MALA_and_ULA_have_them_all(int index)
    {
        Target target = SampleTargets.All[index];
        Tensor position = Position(target);
        Symmetries.All(at => MetropolisLangevin.Create(at, Settings), target, position, Key).Require();
        Symmetries.All(at => UnadjustedLangevin.Create(at, Settings), target, position, Key).Require();
        Symmetries.All(at => MetropolisLangevin.Create(at, Settings).Repeat(2), target, position, Key).Require();
    }

    [Theory]
    [MemberData(nameof(Targets))]
    [Proves("I-54", "MALA")]
    public void MALA_at_T_is_MALA_at_one_with_its_step_rescaled(int index)
    {
        Target target = SampleTargets.All[index];
        Symmetries.Temperature(
            at => MetropolisLangevin.Create(at, Settings), at => MetropolisLangevin.Create(at, new LangevinSettings(0.1 * 1.7)), target, 1.7, Position(target), Key).Require();
    }

    [Fact]
    public void Rotation_sees_normals_that_coordinates_share() => Rejected(Symmetries.Rotation(at => Unadjusted(at, Settings, UnadjustedBug.SharedNormal), Quartic, Position(Quartic), Key), "share noise");

    [Fact]
    public void Permutation_sees_a_coordinate_that_is_treated_apart() => Rejected(
        Symmetries.Permutation(at => UnadjustedLangevin.Create(at, new LangevinSettings(0.1, 1.7, Preconditioner.Diagonal(Tensor.FromArray([1.0, 1, 2])))), Quartic, Position(Quartic), Key),
        "treated apart");

    [Fact]
    public void A_preconditioned_kernel_is_asked_for_what_it_has() => Symmetries.All(
        at => UnadjustedLangevin.Create(at, new LangevinSettings(0.1, 1.7, Preconditioner.Diagonal(Tensor.FromArray([1.0, 1, 2])))), Quartic, Position(Quartic), Key, isIsotropic: false).Require();

    [Fact]
    public void Translation_sees_a_pull_to_the_origin() => Rejected(
        Symmetries.Translation(at => Changed(at, next => next with { Position = next.Position * 0.999 }), Quartic, Position(Quartic), Key), "where the origin is");

    [Fact]
    public void Constant_energy_sees_a_density_that_enters_alone() => Rejected(
        Symmetries.ConstantEnergy(
            at => MetropolisLangevin.Create(Target.FromGradient(at.Dimension, x => at.Evaluate(x) is var here ? here with { LogDensity = here.LogDensity * here.LogDensity } : here), Settings),
            Quartic, Position(Quartic), Key),
        "only differences");

    [Theory]
    [InlineData(UnadjustedBug.TemperatureUnrooted)]
    [InlineData(UnadjustedBug.TemperatureMissing)]
    public void Temperature_sees_a_wrong_power_of_T(UnadjustedBug bug) => Rejected(
        Symmetries.Temperature(at => Unadjusted(at, Settings, bug), at => Unadjusted(at, new LangevinSettings(0.1 * 1.7), bug), Quartic, 1.7, Position(Quartic), Key), "power of T");

    [Theory]
    [InlineData(AdjustedBug.TemperatureMissingInEnergy)]
    [InlineData(AdjustedBug.TemperatureMissingInSquares)]
    public void Temperature_sees_a_ratio_that_lacks_it(AdjustedBug bug) => Rejected(
        Symmetries.Temperature(at => Adjusted(at, Settings, bug), at => Adjusted(at, new LangevinSettings(0.1 * 1.7), bug), Quartic, 1.7, Position(Quartic), Key), "power of T");

    private static Target Quartic { get; } = SampleTargets.Quartic(3);

    private static Tensor Position(Target target) => GaussianProblem.Noise(9, 5, target.Dimension);

    private static Kernel<LangevinState> Changed(Target target, Func<LangevinState, LangevinState> change)
    {
        Kernel<LangevinState> ula = UnadjustedLangevin.Create(target, Settings);
        return new Kernel<LangevinState>(
            "changed", ula.Dimension, ula.DType, ula.Initialize, ula.Refresh, ula.DrawNoise,
            (noise, state) => ula.Advance(noise, state) is var next ? next with { State = ula.Refresh(change(next.State)) } : next);
    }

    private static void Rejected(LawResult law, string words)
    {
        Assert.False(law.Holds, law.ToString());
        Assert.Contains(words, law.Explanation, StringComparison.Ordinal);
    }
}
