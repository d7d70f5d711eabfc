using Lae.Adaptation;
using Lae.Kernels;
using Lae.Modes;
using Lae.Numerics;
using Lae.Numerics.Engines.Managed;
using Lae.Randomness;
using Lae.Running;
using Lae.Targets;
using Lae.Tests.Targets.Posteriors;
using MathNet.Numerics.LinearAlgebra;
using static Lae.Tests.Kernels.GaussianProblem;

namespace Lae.Tests.Modes;

/// <summary>The search for modes that no chain visited: what it finds, that it raises no false alarm, and that each of its three conditions is needed for that.</summary>
public sealed class ModeSearchTests
{
    private static readonly RandomKey Key = RandomKey.FromSeed(20_261_123);

    public static TheoryData<int, double> Separations
    {
        get
        {
            TheoryData<int, double> rows = [];
            foreach (int dimension in (int[])[1, 2, 10, 50])
            {
                foreach (double separation in (double[])[6, 10, 30, 100])
                {
                    rows.Add(dimension, separation);
                }
            }

            return rows;
        }
    }

    [Theory]
    [MemberData(nameof(Separations))]
    public void The_second_mode_of_a_mixture_is_found(int dimension, double separation)
    {
        ModeSearchResult found = ModeSearch.Run(TwoModes(dimension, separation, 0.5).Target, Noise(1, 2_000, dimension), Key);
        Assert.Equal(1, found.UnvisitedModes);
        ModeEvidence mode = Assert.Single(found.Places, place => place.IsUnvisited);
        Assert.Equal(separation, mode.Position[0], 0.2);
        Assert.InRange(mode.LogMassRatio, -2, 2);
        Assert.InRange(found.GradientCount, 1, 4_000);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void A_mode_that_is_scaled_and_turned_is_found_in_the_metric_of_the_draws(double width)
    {
        // draws of condition 10,000 on turned axes; the other mode is wider and 20 deviations away along the narrowest
        const int Dimension = 6;
        Matrix<double> root = Rotation(Dimension, 4) * Matrix<double>.Build.DiagonalOfDiagonalArray([.. Enumerable.Range(0, Dimension).Select(i => Math.Pow(10, -2.0 * i / (Dimension - 1)))]);
        Tensor inverse = ToTensor(root.Inverse());
        Target standard = GaussianMixture.Create([0.5, 0.5], ToTensor(Matrix<double>.Build.Dense(2, Dimension, (k, j) => k == 1 && j == Dimension - 1 ? 20 : 0)), ToTensor(Matrix<double>.Build.Dense(2, Dimension, (k, _) => k == 1 ? width : 1))).Target;
        Target target = Target.FromGradient(Dimension, x =>
        {
            LogDensityAndGradient at = standard.Evaluate(x.MatMul(inverse, transposeB: true));
            return at with { Gradient = at.Gradient.MatMul(inverse) };
        });
        Assert.Equal(1, ModeSearch.Run(target, Noise(1, 2_000, Dimension).MatMul(ToTensor(root), transposeB: true), Key).UnvisitedModes);
    }

    [Fact]
    public void A_mode_inside_a_ring_is_found_and_the_ring_is_no_mode_of_its_own()
    {
        double[] angles = [.. Enumerable.Range(0, 1_000).Select(i => Math.Tau * i / 1_000)];
        Tensor radii = Noise(1, 1_000, 1) * 0.5 + 20;
        Tensor draws = Shaping.Join(1, [radii * Tensor.FromArray([.. angles.Select(Math.Cos)], 1_000, 1), radii * Tensor.FromArray([.. angles.Select(Math.Sin)], 1_000, 1)]);
        // masses 2π r s √(2π) of the ring and 2π s² of the disc: the disc is raised to the same
        double raise = Math.Log(20 * Math.Sqrt(Math.Tau) / 0.5);
        Target withDisc = Ring(x => Shaping.Join(1, [RingDensity(x), ((x.Square().Sum(1) * -2) + raise).Reshape(-1, 1)]).LogSumExp(1));
        Target alone = Ring(x => RingDensity(x).Reshape(-1));
        // the disc lies amid the draws, so that walkers must start near to fall on it
        ModeSearchSettings near = new(walkers: 64, nearest: 0.3, farthest: 3);
        Assert.Equal(1, ModeSearch.Run(withDisc, draws, Key, settings: near).UnvisitedModes);
        Assert.Equal(0, ModeSearch.Run(alone, draws, Key, settings: near).UnvisitedModes);

        static Tensor RingDensity(Tensor x) => (((x.Square().Sum(1) + 1e-12).Sqrt() - 20).Square() * -2).Reshape(-1, 1);
        static Target Ring(Func<Tensor, Tensor> density) => Target.FromFunction(2, density);
    }

    [Fact]
    public void Starts_that_are_given_find_what_is_too_narrow_for_the_others()
    {
        // a ball of a twentieth of the draws' width in 10 dimensions
        Tensor means = ToTensor(Matrix<double>.Build.Dense(2, 10, (k, _) => 10 * k));
        Target target = GaussianMixture.Create([0.5, 0.5], means, ToTensor(Matrix<double>.Build.Dense(2, 10, (k, _) => k == 0 ? 1 : 0.05))).Target;
        Tensor draws = Noise(1, 2_000, 10);
        Assert.Equal(0, ModeSearch.Run(target, draws, Key).UnvisitedModes);
        Assert.Equal(1, ModeSearch.Run(target, draws, Key, Tensor.Full(9.8, new Shape(1, 10), DType.Float64)).UnvisitedModes);
    }

    public static TheoryData<string> Exact { get; } = ["standard 1", "standard 100", "condition 10,000", "banana", "long banana", "funnel 2", "funnel 10", "mixture"];

    [Theory]
    [MemberData(nameof(Exact))]
    public void Exact_draws_raise_no_false_alarm(string name)
    {
        ModeSearchResult found = name switch
        {
            "standard 1" => Search(new ExactTarget(GaussianTarget.Standard(1), 0, (_, rows) => Noise(1, rows, 1))),
            "standard 100" => Search(new ExactTarget(GaussianTarget.Standard(100), 0, (_, rows) => Noise(1, rows, 100))),
            "condition 10,000" => Search(IllConditioned()),
            "banana" => Search(Banana.Create(3)),
            "long banana" => Search(Banana.Create(10, 0.1, 10)),
            "funnel 2" => Search(Funnel(2)),
            "funnel 10" => Search(Funnel(10)),
            _ => Search(TwoModes(2, 20, 0.3)),
        };
        Assert.Equal(0, found.UnvisitedModes);

        static ModeSearchResult Search(ExactTarget target) => ModeSearch.Run(target.Target, target.Draw(Key.FoldIn(1), 2_000), Key);
    }

    [Theory]
    [InlineData(true, "MALT")]
    [InlineData(true, "NUTS")]
    [InlineData(false, "MALT")]
    [InlineData(false, "NUTS")]
    public void Both_eight_schools_raise_no_false_alarm(bool centred, string kernel) => AssertNoAlarm(PosteriorDb.EightSchools(centred).Target, kernel);

    [FactIfFile("data/posteriordb/data/garch.json")]
    public void No_reference_posterior_raises_a_false_alarm()
    {
        foreach (string name in PosteriorDb.All.Keys.Where(key => !key.StartsWith("eight", StringComparison.Ordinal)))
        {
            AssertNoAlarm(PosteriorDb.All[name]().Target, "NUTS", 400);
        }
    }

    [Fact]
    public void Without_its_mass_the_neck_of_a_funnel_would_be_a_mode()
    {
        ExactTarget funnel = Funnel(10);
        ModeSearchResult found = ModeSearch.Run(funnel.Target, funnel.Draw(Key.FoldIn(1), 2_000), Key);
        Assert.Contains(found.Places, place => place is { IsFar: true, IsSeparate: true, HasMass: false, LogMassRatio: < -10 });
        Assert.Equal(0, found.UnvisitedModes);
    }

    [Fact]
    public void Without_the_distance_a_small_mode_that_was_visited_would_be_one_that_was_not()
    {
        // 8 draws climb first: none of them is among the 3 % in the small mode
        ExactTarget mixture = TwoModes(2, 20, 0.03);
        ModeSearchResult found = ModeSearch.Run(mixture.Target, mixture.Draw(Key.FoldIn(1), 2_000), Key);
        ModeEvidence visited = Assert.Single(found.Places, place => place is { HasMass: true, IsFar: false, Barrier: > ModeEvidence.LeastBarrier });
        Assert.Equal(20, visited.Position[0], 0.2);
        Assert.Equal(0, found.UnvisitedModes);
        Assert.True((visited with { IsFar = true, Returned = 0 }).IsUnvisited);
    }

    [Fact]
    public void Without_the_barrier_a_shoulder_would_be_a_mode()
    {
        // 4.4 deviations apart the saddle is 1.7 nats deep: any kernel crosses it in a few transitions
        ExactTarget mixture = TwoModes(1, 4.4, 0.5);
        WhitenedDraws draws = WhitenedDraws.Of(mixture.Target, Noise(1, 2_000, 1), 256);
        Heights heights = new(draws.Target, 10_000, null);
        IReadOnlyList<Summit> summits = Ascent.Climb(heights, [[0], [6.0]], 10, Ascent.ManySteps);
        Assert.True(draws.RemotenessOf(summits[1].Position).IsFar);
        Assert.InRange(heights.Barrier(summits[0], summits[1], 15), 0.5, ModeEvidence.LeastBarrier);
        Assert.Equal(0, ModeSearch.Run(mixture.Target, Noise(1, 2_000, 1), Key).UnvisitedModes);
    }

    [Fact]
    public void Every_condition_counts()
    {
        ModeEvidence mode = new([0], 0, 0, true, 10, 0);
        Assert.True(mode.IsUnvisited);
        Assert.False((mode with { LogMassRatio = -6 }).IsUnvisited);
        Assert.False((mode with { LogMassRatio = double.NegativeInfinity }).IsUnvisited);
        Assert.False((mode with { LogMassRatio = double.NaN }).IsUnvisited);
        Assert.False((mode with { IsFar = false }).IsUnvisited);
        Assert.False((mode with { Barrier = 1 }).IsUnvisited);
        Assert.False((mode with { Returned = 1 }).IsUnvisited);
    }

    [Theory]
    [InlineData(0.2)]
    [InlineData(5)]
    public void The_mass_of_a_Gaussian_is_that_of_any_other_whatever_its_width(double width)
    {
        Tensor y = Noise(3, 40, 20);
        SettledDraw[] Draws(double s)
        {
            LogDensityAndGradient at = GaussianTarget.Standard(20).Evaluate(y);
            double[] heights = at.LogDensity.ToArray();
            return [.. Enumerable.Range(0, 40).Select(i => new SettledDraw((s * y).Slice(0, i, 1).ToArray(), heights[i] - (20 * Math.Log(s)), (at.Gradient * (1 / s)).Slice(0, i, 1).ToArray()))];
        }

        Assert.Equal(LogMass.Of(Draws(1)), LogMass.Of(Draws(width)), 1e-10);
    }

    [Fact]
    public void The_same_bits_with_any_number_of_threads_and_others_with_another_key()
    {
        Target target = TwoModes(2, 12, 0.5).Target;
        Tensor draws = Noise(1, 500, 2);
        ModeSearchResult one = ModeSearch.Run(target, draws, Key, settings: new ModeSearchSettings(engine: new ManagedEngine(1)));
        ModeSearchResult two = ModeSearch.Run(target, draws, Key, settings: new ModeSearchSettings(engine: new ManagedEngine(2)));
        Assert.Equal(one.GradientCount, two.GradientCount);
        Assert.Equal(one.Places.Select(place => place.LogMassRatio), two.Places.Select(place => place.LogMassRatio));
        Assert.Equal(one.Places.SelectMany(place => place.Position), two.Places.SelectMany(place => place.Position));
        Assert.NotEqual(one.Places.Select(place => place.LogMassRatio), ModeSearch.Run(target, draws, Key.FoldIn(1)).Places.Select(place => place.LogMassRatio));
    }

    [Theory]
    [InlineData(300)]
    [InlineData(1_000)]
    [InlineData(10_000)]
    public void The_gradients_are_counted_and_kept_within_bounds(long most)
    {
        long rows = 0;
        Target inner = TwoModes(2, 12, 0.5).Target;
        Target counted = Target.FromGradient(2, x =>
        {
            rows += x.Shape[0];
            return inner.Evaluate(x);
        });
        ModeSearchResult found = ModeSearch.Run(counted, Noise(1, 500, 2), Key, settings: new ModeSearchSettings(mostGradients: most));
        Assert.Equal(rows, found.GradientCount);
        Assert.InRange(rows, 1, Math.Max(most, 400));
        Assert.Equal(most == 10_000, found.IsComplete);
    }

    [Fact]
    public void What_cannot_be_searched_is_refused()
    {
        Target target = GaussianTarget.Standard(2);
        Assert.Throws<ArgumentException>(() => ModeSearch.Run(target, Noise(1, 3, 2), Key));
        Assert.Throws<ArgumentException>(() => ModeSearch.Run(target, Noise(1, 30, 3), Key));
        Assert.Throws<ArgumentException>(() => ModeSearch.Run(target, Tensor.Full(double.NaN, new Shape(10, 2), DType.Float64), Key));
        Assert.Throws<ArgumentOutOfRangeException>(() => new ModeSearchSettings(walkers: 3));
        Assert.Throws<ArgumentOutOfRangeException>(() => new ModeSearchSettings(nearest: 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new ModeSearchSettings(nearest: 2, farthest: 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new ModeSearchSettings(farthest: double.PositiveInfinity));
        Assert.Throws<ArgumentOutOfRangeException>(() => new ModeSearchSettings(mostGradients: 0));
    }

    [Fact]
    public void Draws_that_stand_still_and_single_precision_are_searched_all_the_same()
    {
        Target target = TwoModes(2, 12, 0.5).Target;
        Assert.Equal(0, ModeSearch.Run(GaussianTarget.Standard(2), Tensor.Zeros(new Shape(20, 2), DType.Float64), Key).UnvisitedModes);
        Target single = Target.FromFunction(2, x => Shaping.Join(1, [(x.Square().Sum(1) * -0.5).Reshape(-1, 1), ((x - 10).Square().Sum(1) * -0.5).Reshape(-1, 1)]).LogSumExp(1), DType.Float32);
        Assert.Equal(1, ModeSearch.Run(single, Noise(1, 500, 2).Cast(DType.Float32), Key).UnvisitedModes);
        Assert.Equal(1, ModeSearch.Run(target, Noise(1, 500, 2).Reshape(125, 4, 2), Key).UnvisitedModes);
    }

    private static void AssertNoAlarm(Target target, string kernel, int transitions = 600)
    {
        TunableKernel<LangevinState> tunable = kernel == "NUTS" ? TunableKernels.Nuts(target) : TunableKernels.Malt(target);
        WarmupResult<LangevinState> warm = Warmup.Run(tunable, Noise(7, 4, target.Dimension), Key.FoldIn(2), new WarmupSettings(transitions));
        Tensor draws = ChainRunner.Run(warm.Kernel, RunState.Start(warm.Kernel, warm.Position, Key.FoldIn(3)), new RunOptions(transitions)).Positions();
        Assert.Equal((target.Name, 0), (target.Name, ModeSearch.Run(target, draws, Key.FoldIn(4)).UnvisitedModes));
    }

    private static ExactTarget TwoModes(int dimension, double separation, double weight) => GaussianMixture.Create(
        [1 - weight, weight], ToTensor(Matrix<double>.Build.Dense(2, dimension, (k, j) => k == 1 && j == 0 ? separation : 0)), Tensor.Ones(new Shape(2, dimension), DType.Float64));

    private static ExactTarget IllConditioned()
    {
        const int Dimension = 8;
        Matrix<double> rotation = Rotation(Dimension, 3);
        Vector<double> deviations = Vector<double>.Build.Dense(Dimension, i => Math.Pow(100, (double)i / (Dimension - 1)));
        Matrix<double> precision = rotation * Matrix<double>.Build.DiagonalOfDiagonalVector(1 / deviations.PointwisePower(2)) * rotation.Transpose();
        Target target = GaussianTarget.Dense(Tensor.Zeros(new Shape(Dimension), DType.Float64), ToTensor(0.5 * (precision + precision.Transpose())));
        return new ExactTarget(target, 0, (_, rows) => Noise(1, rows, Dimension).MatMul(ToTensor(rotation * Matrix<double>.Build.DiagonalOfDiagonalVector(deviations)), transposeB: true));
    }

    /// <summary>Neal's funnel: v ~ N(0, 9), the others N(0, eᵛ).</summary>
    private static ExactTarget Funnel(int dimension)
    {
        Target target = Target.FromFunction(dimension, x =>
        {
            Tensor v = x.Slice(1, 0, 1);
            Tensor rest = x.Slice(1, 1, dimension - 1);
            return (v.Square() * (-1.0 / 18)).Sum(1) - ((rest.Square() * (-v).Exp()).Sum(1) * 0.5) - (v.Sum(1) * (0.5 * (dimension - 1)));
        });
        return new ExactTarget(target, 0, (_, rows) =>
        {
            Tensor v = Noise(1, rows, 1) * 3;
            return Shaping.Join(1, [v, Noise(2, rows, dimension - 1) * (v * 0.5).Exp()]);
        });
    }
}
