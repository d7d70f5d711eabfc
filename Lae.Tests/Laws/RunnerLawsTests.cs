using Lae.Kernels;
using Lae.Laws;
using Lae.Numerics;
using Lae.Numerics.Engines;
using Lae.Numerics.Engines.Managed;
using Lae.Numerics.Engines.Reference;
using Lae.Randomness;
using Lae.Running;
using Lae.Targets;
using Lae.Tests.Kernels;
using Lae.Tests.Kernels.Mutants;

namespace Lae.Tests.Laws;

/// <summary>R-1 to R-11: every kernel and combinator of the library holds them all, and each law rejects the bug that is planted for it.</summary>
public sealed class RunnerLawsTests
{
    private static readonly RandomKey Key = RandomKey.FromSeed(20_261_122);
    private static readonly Target Quartic = SampleTargets.Quartic(3);
    private static readonly LangevinSettings Settings = new(0.08, 1.6, Preconditioner.Diagonal(Tensor.FromArray([0.7, 1.3, 2])));
    private static readonly Tensor Position = GaussianProblem.Noise(3, 5, 3);

    public static TheoryData<string> Kernels { get; } = ["ULA", "MALA", "MALA repeated", "ULA thinned", "MALA twice", "ULA twice", "ULA then MALA", "nested"];

    [Theory]
    [MemberData(nameof(Kernels))]
    [Proves("R-1…R-11", "ULA", "MALA", "compose", "repeat", "thin")]
    public void Every_law_holds_in_double_precision(string name) => AllHold(Named(name), Quartic, Position, Gradients(name));

    [Theory]
    [InlineData("ULA")]
    [InlineData("MALA")]
    [Proves("R-1…R-11", "ULA", "MALA")]
    public void Every_law_holds_in_single_precision(string name) => AllHold(
        Named(name, new LangevinSettings(0.08, 1.6)), GaussianTarget.Diagonal(Tensor.FromArray([0.5f, 1, -1]), Tensor.FromArray([1f, 2, 5])), Position.Cast(DType.Float32), 1);

    [Theory]
    [InlineData("ULA")]
    [InlineData("MALA")]
    [Proves("R-1…R-11", "ULA", "MALA")]
    public void Every_law_holds_through_differentiation(string name) => AllHold(Named(name, new LangevinSettings(0.02, 1.6)), SampleTargets.Funnel(3), Position, 1);

    [Theory]
    [InlineData("ULA")]
    [InlineData("MALA")]
    [Proves("R-7", "ULA", "MALA")]
    public void R7_holds_where_the_engine_divides_the_work_of_itself(string name)
    {
        IEngine[] engines = [new ManagedEngine(1), new ManagedEngine(2), new ManagedEngine(8)];
        Tensor wide = GaussianProblem.Noise(4, 256, 64);
        RunnerLaws.ThreadIndependence(Named(name, new LangevinSettings(0.1, 1.6))(Dense(64)), wide, Key, engines).Require();
    }

    [Fact]
    public void R1_sees_randomness_from_outside_the_key() => Rejects(RunnerLaws.SameSeed(RunnerMutants.HiddenCounter(Quartic, Settings), Position, Key));

    [Fact]
    public void R1_sees_a_key_that_is_not_used() => Rejects(RunnerLaws.DifferentSeeds(RunnerMutants.KeyIgnored(Quartic, Settings), Position, Key));

    [Fact]
    public void R2_sees_a_state_that_lacks_a_leaf() => Rejects(RunnerLaws.Continuation(RunnerMutants.LacksALeaf(Quartic), Position, Key));

    [Fact]
    public void R2_sees_noise_that_depends_on_where_the_run_began() => Rejects(RunnerLaws.Continuation(RunnerMutants.CountsFromTheRun, Correct(), Position, Key));

    [Fact]
    public void R3_sees_a_state_that_lacks_a_leaf() => Rejects(RunnerLaws.Serialisation(RunnerMutants.LacksALeaf(Quartic), Position, Key));

    [Fact]
    public void A_leaf_that_the_runner_takes_back_is_a_broken_law_and_not_an_exception()
    {
        LawResult law = RunnerLaws.SameSeed(RunnerMutants.LosesALeaf(Quartic), Position, Key);
        Rejects(law);
        Assert.Contains("the layout does not name", law.Explanation, StringComparison.Ordinal);
    }

    [Fact]
    public void R3_sees_a_leaf_that_is_written_under_the_name_of_another() => Rejects(RunnerLaws.Serialisation(RunnerMutants.SameNames(Quartic), Position, Key));

    [Fact]
    public void R4_sees_a_runner_that_keeps_the_wrong_draws_after_going_on() => Rejects(RunnerLaws.ThinnedDraws(RunnerMutants.ThinsAnew, Correct(), Position, Key));

    [Fact]
    public void R4_sees_inner_transitions_that_draw_other_noise() => Rejects(RunnerLaws.ThinCombinator(RunnerMutants.DrawsByItsAdvances(Quartic, Settings), Position, Key));

    [Fact]
    public void R5_sees_chains_that_share_noise() => Rejects(RunnerLaws.ChainIndependence(RunnerMutants.NoiseByRow(Quartic, Settings), Position, Key));

    [Fact]
    public void R5_and_R6_see_a_row_computed_from_its_neighbours()
    {
        Kernel<LangevinState> wrong = UnadjustedLangevin.Create(RunnerMutants.Coupled(Quartic), Settings);
        Rejects(RunnerLaws.ChainIndependence(wrong, Position, Key));
        Rejects(RunnerLaws.OneAtATime(wrong, Position, Key));
    }

    [Fact]
    public void R6_sees_a_whole_batch_accepted_at_once() => Rejects(RunnerLaws.OneAtATime(RunnerMutants.AcceptsTheBatch(Quartic, Settings), Position, Key));

    [Fact]
    public void R7_sees_an_engine_whose_sums_depend_on_its_threads()
    {
        Kernel<LangevinState> kernel = MetropolisLangevin.Create(Dense(8), new LangevinSettings(0.1, 1.6));
        Tensor wide = GaussianProblem.Noise(4, 5, 8);
        Rejects(RunnerLaws.ThreadIndependence(kernel, wide, Key, [new UnevenEngine(1), new UnevenEngine(2)]));
        RunnerLaws.ThreadIndependence(kernel, wide, Key, [new UnevenEngine(2), new UnevenEngine(2)]).Require();
    }

    [Fact]
    public void R8_sees_a_second_gradient() => Rejects(RunnerLaws.GradientCount(RunnerMutants.TwoGradients(Settings), Quartic, Position, Key));

    [Fact]
    public void R8_sees_a_count_that_is_not_true() => Rejects(RunnerLaws.GradientCount(RunnerMutants.SaysNoGradient(Settings), Quartic, Position, Key));

    [Fact]
    public void R9_sees_a_kernel_that_accepts_what_is_not_finite()
    {
        Rejects(RunnerLaws.NonFiniteProposal(RunnerMutants.AcceptsNaN(Settings), Quartic, Position, Key));
        Rejects(RunnerLaws.NonFiniteProposal(RunnerMutants.AcceptsPlusInfinity(Settings), Quartic, Position, Key));
    }

    [Fact]
    public void R9_sees_a_rejection_that_is_not_counted() => Rejects(RunnerLaws.NonFiniteProposal(RunnerMutants.CountsNoDivergence(Settings), Quartic, Position, Key));

    [Fact]
    public void R9_sees_a_NaN_that_is_hidden()
    {
        Rejects(RunnerLaws.NonFiniteStep(RunnerMutants.HidesNaN(Settings), Quartic, Position, Key));
        Rejects(RunnerLaws.NonFiniteStart(RunnerMutants.HidesNaN(Settings), Quartic, Position, Key));
    }

    [Fact]
    public void R10_sees_a_runner_that_draws_for_its_progress() => Rejects(RunnerLaws.ProgressIsSilent(RunnerMutants.DrawsForProgress, Correct(), Position, Key));

    [Fact]
    public void R10_sees_a_runner_that_loses_a_draw_when_it_is_cancelled() => Rejects(RunnerLaws.CancellationKeepsDraws(RunnerMutants.LosesTheLastDraw, Correct(), Position, Key));

    [Fact]
    public void R11_sees_a_kernel_that_writes_into_its_state() => Rejects(RunnerLaws.Immutability(RunnerMutants.WritesIntoItsState(Quartic, Settings), Position, Key));

    [Fact]
    public void R11_sees_a_kernel_that_writes_into_its_noise() => Rejects(RunnerLaws.Immutability(RunnerMutants.WritesIntoItsNoise(Quartic, Settings), Position, Key));

    [Fact]
    public void A_cache_that_is_left_behind_is_named()
    {
        LawResult law = RunnerLaws.CachesFollow(LangevinMutants.Adjusted(Quartic, Settings, LangevinMutants.AdjustedBug.StaleGradient), Position, Key);
        Rejects(law);
        Assert.Contains("gradient", law.Explanation, StringComparison.Ordinal);
    }

    [Fact]
    public void Laws_that_compare_chains_or_engines_ask_for_two()
    {
        Assert.Throws<ArgumentException>(() => RunnerLaws.ChainIndependence(Correct(), Position.Slice(0, 0, 1), Key));
        Assert.Throws<ArgumentException>(() => RunnerLaws.ThreadIndependence(Correct(), Position, Key, [new ReferenceEngine()]));
    }

    /// <summary>One, two and eight threads, dividing even the smallest work.</summary>
    private static IReadOnlyList<IEngine> Engines { get; } =
        [.. new[] { 1, 2, 8 }.Select(threads => new ManagedEngine(threads, ManagedEngine.WidestRegister, isEager: true))];

    private static Target Dense(int dimension) =>
        GaussianTarget.Dense(Tensor.Zeros(new Shape(dimension), DType.Float64), GaussianProblem.ToTensor(GaussianProblem.Positive(dimension, 0.5, 5, 1)));

    private static Kernel<LangevinState> Correct() => MetropolisLangevin.Create(Quartic, Settings);

    private static int Gradients(string name) => name switch
    {
        "MALA repeated" or "ULA thinned" => 3,
        "MALA twice" or "ULA twice" or "ULA then MALA" => 2,
        "nested" => 6,
        _ => 1,
    };

    private static Func<Target, Kernel<LangevinState>> Named(string name, LangevinSettings? settings = null)
    {
        LangevinSettings s = settings ?? Settings;
        return name switch
        {
            "ULA" => target => UnadjustedLangevin.Create(target, s),
            "MALA" => target => MetropolisLangevin.Create(target, s),
            "MALA repeated" => target => MetropolisLangevin.Create(target, s).Repeat(3),
            "ULA thinned" => target => UnadjustedLangevin.Create(target, s).Thin(3),
            "MALA twice" => target => Combinators.Compose(MetropolisLangevin.Create(target, s), MetropolisLangevin.Create(target, s)),
            "ULA twice" => target => Combinators.Compose(UnadjustedLangevin.Create(target, s), UnadjustedLangevin.Create(target, s)),
            "ULA then MALA" => target => Combinators.Compose(UnadjustedLangevin.Create(target, s), MetropolisLangevin.Create(target, s)),
            _ => target => Combinators.Compose(MetropolisLangevin.Create(target, s).Repeat(2), MetropolisLangevin.Create(target, s)).Thin(2),
        };
    }

    private static void AllHold(Func<Target, Kernel<LangevinState>> create, Target target, Tensor position, int gradients) =>
        Assert.All(RunnerLaws.All(create, target, position, Key, gradients, Engines), law => law.Require());

    private static void Rejects(LawResult law) => Assert.False(law.Holds, law.ToString());
}
