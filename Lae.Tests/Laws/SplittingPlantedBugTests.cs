using Lae.Kernels;
using Lae.Laws;
using Lae.Numerics;
using Lae.Tests.Kernels;
using MathNet.Numerics.LinearAlgebra;
using Xunit.Abstractions;
using static Lae.Tests.Kernels.GaussianProblem;
using static Lae.Tests.Kernels.Mutants.LeimkuhlerMatthewsMutants;
using static Lae.Tests.Kernels.Mutants.SplittingMutants;

namespace Lae.Tests.Laws;

/// <summary>Which law sees which bug of an underdamped step. A law that rejects nothing is no evidence; and what the stationary law misses, the one-step law must see.</summary>
public sealed class SplittingPlantedBugTests(ITestOutputHelper output)
{
    /// <summary>Two dimensions, eigenvalues 0.5 and 2, h = 0.1, friction 1, mass 1, T = 1: where trusted tests would look with infinitely many draws.</summary>
    private static readonly UnderdampedProblem Table = At(1, MassKind.Identity);

    /// <summary>The same with what hides no bug: T ≠ 1 and a dense mass.</summary>
    private static readonly UnderdampedProblem Telling = At(2.5, MassKind.Dense) with { Dimension = 3, Relative = 0.4, Damping = 0.3 };

    [Theory]
    [InlineData(SplittingBug.FrictionOfHalfAStep, false, true, false, false)]
    [InlineData(SplittingBug.FrictionLinear, false, true, false, false)]
    [InlineData(SplittingBug.NoiseSqrtOneMinusC, true, true, true, false)]
    [InlineData(SplittingBug.NoiseSqrtTwoFrictionH, true, true, true, false)]
    [InlineData(SplittingBug.BothKicksAtTheFirstGradient, true, true, false, false)]
    [InlineData(SplittingBug.EachDriftAFullStep, true, true, true, true)]
    [InlineData(SplittingBug.CodedAsABOBA, true, true, false, false)]
    [InlineData(SplittingBug.CodedAsBAOA, true, true, false, false)]
    [InlineData(SplittingBug.NoNoise, true, true, true, true)]
    [InlineData(SplittingBug.None, false, false, false, false)]
    [Rejects(
        "§4 BAOAB c = exp(−γh/2)", "§4 BAOAB c = 1 − γh", "§4 BAOAB noise sqrt(1 − c)", "§4 BAOAB noise sqrt(2γh)", "§4 BAOAB both kicks at the first gradient",
        "§4 BAOAB each drift a full h", "§4 BAOAB coded as ABOBA", "§4 BAOAB coded as BAOA", "§4 no noise")]
    public void The_table_of_BAOAB_is_reproduced(SplittingBug bug, bool law, bool oneStep, bool absolute, bool loose)
    {
        Kernel<UnderdampedState> wrong = Create(Table.Target, Table.Settings, bug);
        Assert.Equal(!law, Stationary(Table, wrong).Holds);
        Assert.Equal(!oneStep, OneStep(Table, wrong).Holds);

        Matrix<double> exact = Table.Precision.Inverse();
        Matrix<double> found = ToMatrix(StationaryLaw.Covariance(AffineMap.ReadOff(wrong))).SubMatrix(0, 2, 0, 2);
        Assert.Equal(absolute, (found - exact).Enumerate().Any(gap => Math.Abs(gap) > 0.1));
        Assert.Equal(loose, found.Enumerate().Zip(exact.Enumerate()).Any(pair => Math.Abs(pair.First - pair.Second) > 0.4 + (0.4 * Math.Abs(pair.Second))));
    }

    [Theory]
    [InlineData(SplittingBug.FrictionOfHalfAStep, false, "", "the friction is wrong")]
    [InlineData(SplittingBug.FrictionLinear, false, "", "the friction is wrong")]
    [InlineData(SplittingBug.NoiseSqrtOneMinusC, true, "noise may be multiplied by", "The drift is right")]
    [InlineData(SplittingBug.NoiseSqrtTwoFrictionH, true, "noise may be multiplied by", "The drift is right")]
    [InlineData(SplittingBug.BothKicksAtTheFirstGradient, true, "order of substeps", "differ")]
    [InlineData(SplittingBug.EachDriftAFullStep, true, "order of substeps", "differ")]
    [InlineData(SplittingBug.CodedAsABOBA, true, "positions is right, that of momenta is wrong", "differ")]
    [InlineData(SplittingBug.CodedAsBAOA, true, "positions is right, that of momenta is wrong, that between them is wrong", "differ")]
    [InlineData(SplittingBug.NoNoise, true, "no noise enters", "The drift is right")]
    [InlineData(SplittingBug.ConstantChain, true, "never move", "differ")]
    [InlineData(SplittingBug.TemperatureSquared, true, "noise may be scaled by T instead of sqrt(T)", "The drift is right")]
    [InlineData(SplittingBug.TemperatureMissing, true, "which is 1/T", "The drift is right")]
    [InlineData(SplittingBug.MassForItsRoot, true, "mass matrix and its root", "The drift is right")]
    [InlineData(SplittingBug.MassForgottenInTheDrift, true, "wrong", "differ")]
    [Rejects("§5 BAOAB constant chain (SGMCMCJax)", "§5 BAOAB tau² for tau (SGMCMCJax)")]
    public void Each_bug_is_seen_at_T_not_1_and_named(SplittingBug bug, bool byLaw, string words, string oneStepWords)
    {
        Kernel<UnderdampedState> wrong = Create(Telling.Target, Telling.Settings, bug);
        LawResult stationary = Stationary(Telling, wrong);
        LawResult oneStep = OneStep(Telling, wrong);
        output.WriteLine($"{stationary}\n{oneStep}");
        Assert.Equal(!byLaw, stationary.Holds);
        Assert.False(oneStep.Holds);
        Assert.Contains(words, stationary.Explanation, StringComparison.Ordinal);
        Assert.Contains(oneStepWords, oneStep.Explanation, StringComparison.Ordinal);
    }

    [Fact]
    public void The_correct_step_passes_both()
    {
        foreach (Kernel<UnderdampedState> kernel in (Kernel<UnderdampedState>[])[Telling.Kernel("BAOAB"), Create(Telling.Target, Telling.Settings, SplittingBug.None)])
        {
            Stationary(Telling, kernel).Require();
            OneStep(Telling, kernel).Require();
        }
    }

    [Fact]
    public void At_temperature_1_a_temperature_squared_is_invisible() =>
        Assert.True(OneStep(Table, Create(Table.Target, Table.Settings, SplittingBug.TemperatureSquared)).Holds);

    [Theory]
    [InlineData(LeimkuhlerMatthewsBug.FreshNoiseTwice)]
    [InlineData(LeimkuhlerMatthewsBug.OldNoiseCarriedOn)]
    [InlineData(LeimkuhlerMatthewsBug.NoiseSqrtH)]
    [InlineData(LeimkuhlerMatthewsBug.NoiseSqrtTwoH)]
    [InlineData(LeimkuhlerMatthewsBug.NoiseHalved)]
    [InlineData(LeimkuhlerMatthewsBug.TemperatureUnrooted)]
    [InlineData(LeimkuhlerMatthewsBug.RootForgotten)]
    [InlineData(LeimkuhlerMatthewsBug.GradientDoubled)]
    [InlineData(LeimkuhlerMatthewsBug.NoNoise)]
    public void The_stationary_law_sees_each_bug_of_Leimkuhler_Matthews(LeimkuhlerMatthewsBug bug)
    {
        GaussianProblem p = new(3, 20, 0.5, 0.9, 2.5, PreconditionerKind.Dense, 77);
        Tensor expected = ToTensor(LeimkuhlerMatthewsTests.Stationary(p));
        StationaryLaw.Check(Create(p.Target, p.Settings, LeimkuhlerMatthewsBug.None), expected, null, p.Temperature).Require();
        LawResult law = StationaryLaw.Check(Create(p.Target, p.Settings, bug), expected, null, p.Temperature);
        output.WriteLine(law.ToString());
        Assert.False(law.Holds);
    }

    private static UnderdampedProblem At(double temperature, MassKind kind)
    {
        double relative = 0.1 * Math.Sqrt(2);
        return new UnderdampedProblem(2, 4, 0.5, relative, 0.1, temperature, kind, 4);
    }

    private static LawResult Stationary(UnderdampedProblem p, Kernel<UnderdampedState> kernel) =>
        StationaryLaw.Check(kernel, ToTensor(p.StationaryCovariance("BAOAB")), p.StationaryMean, p.Temperature);

    private static LawResult OneStep(UnderdampedProblem p, Kernel<UnderdampedState> kernel)
    {
        (Matrix<double> state, Matrix<double> noise) = p.OneStep("BAOAB");
        return StationaryLaw.CheckOneStep(kernel, ToTensor(state), ToTensor(noise));
    }
}
