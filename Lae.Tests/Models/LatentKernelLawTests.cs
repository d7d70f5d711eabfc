using Lae.Kernels;
using Lae.Laws;
using Lae.Models;
using Lae.Numerics;
using Lae.Numerics.Engines.Managed;
using Lae.Randomness;
using Lae.Running;
using Lae.Targets;
using Lae.Tests.Laws;

namespace Lae.Tests.Models;

/// <summary>The laws of runners on the kernels of the latent points, and the step of each datapoint read off exactly.</summary>
public sealed class LatentKernelLawTests
{
    private const int Points = 3;
    private const double StepSize = 0.05;
    private static readonly RandomKey Key = RandomKey.FromSeed(20_261_122);
    private static readonly ConjugateToy Toy = new(Points, 8, 20_261_122);

    public static TheoryData<string> WholeBatch { get; } = ["plain", "plain unadjusted", "regularised", "regularised unadjusted"];

    public static TheoryData<string> EachDatapoint { get; } = ["lambda 0", "lambda 0 unadjusted", "datapoints"];

    public static TheoryData<string> ByDatapoint { get; } = ["lambda 0", "lambda 0 unadjusted", "datapoints", "whitened datapoints"];

    [Theory]
    [MemberData(nameof(WholeBatch))]
    [Proves("R-1…R-11", "ALD")]
    public void Every_runner_law_holds_for_chains_of_whole_batches(string name)
    {
        // plain coordinates are stiffer by the largest eigenvalue of K, and a chain that rejects all is no test
        double stepSize = name.StartsWith("plain", StringComparison.Ordinal)
            ? StepSize / LatentCoordinates.Gram(Toy.Features).SymmetricEigen().Values.Max(0).ToDouble()
            : StepSize;
        LatentCoordinates coordinates = Coordinates(name);
        Assert.All(
            RunnerLaws.All(
                target => Named(name).On(coordinates with { Target = target }, stepSize), coordinates.Target, Normals(1, 4, coordinates.Target.Dimension) * 0.3, Key),
            law => law.Require());

        // an engine divides large operations only
        RunnerLaws.ThreadIndependence(
            Named(name).On(coordinates, stepSize), Normals(1, 2_000, coordinates.Target.Dimension) * 0.3, Key, [new ManagedEngine(1), new ManagedEngine(2)]).Require();
    }

    [Theory]
    [MemberData(nameof(ByDatapoint))]
    public void The_laws_that_leave_rows_in_place_hold_for_chains_of_datapoints(string name)
    {
        // a row's target is its datapoint's, so the laws that reorder rows or run them one at a time are not put
        Kernel<LangevinState> kernel = Named(name).On(Coordinates(name), StepSize);
        Tensor position = Coordinates(name).Start;
        LawResult[] laws =
        [
            RunnerLaws.SameSeed(kernel, position, Key),
            RunnerLaws.DifferentSeeds(kernel, position, Key),
            RunnerLaws.Continuation(kernel, position, Key),
            RunnerLaws.Serialisation(kernel, position, Key),
            RunnerLaws.ThinnedDraws(kernel, position, Key),
            RunnerLaws.ThinCombinator(kernel, position, Key),
            RunnerLaws.ProgressIsSilent(kernel, position, Key),
            RunnerLaws.CancellationKeepsDraws(kernel, position, Key),
            RunnerLaws.Immutability(kernel, position, Key),
            RunnerLaws.CachesFollow(kernel, position, Key),
        ];
        Assert.All(laws, law => law.Require());
    }

    [Theory]
    [MemberData(nameof(ByDatapoint))]
    public void A_run_on_several_threads_leaves_the_rows_of_datapoints_together(string name)
    {
        // two sets of latent points: of two or three threads each would take rows that are no whole set
        Kernel<LangevinState> kernel = Named(name).On(Coordinates(name), StepSize);
        Tensor start = Normals(2, 2 * Points, 2);
        Assert.All((Kernel<LangevinState>[])[kernel, kernel.Repeat(2).Thin(2), Combinators.Cycle([kernel, Combinators.Identity(kernel)])], one =>
        {
            double[] expected = Ran(one, 1, groups: 1);
            Assert.All(((int Threads, int Groups)[])[(2, 0), (2, 2), (3, 0), (4, 4)], many => Assert.Equal(expected, Ran(one, many.Threads, many.Groups)));
        });

        double[] Ran(Kernel<LangevinState> one, int threads, int groups) =>
            ChainRunner.Run(one, RunState.Start(one, start, Key), new RunOptions(60, engine: new ManagedEngine(threads), groups: groups)).Positions().ToArray();
    }

    [Fact]
    public void No_kernel_on_a_target_that_knows_its_rows_by_place_is_divided_and_every_other_is()
    {
        Target datapoints = Coordinates("datapoints").Target;
        Target normal = GaussianTarget.Standard(2);
        Bijection map = Bijection.Affine(Tensor.FromArray([1.0, 2.0]), Tensor.FromArray([1.0, 3.0]));
        Target[] byPlace = [datapoints, datapoints.Temper(2), datapoints.PullBack(map), Tempering.Bridge(normal, datapoints, 0.5), Tempering.Bridge(datapoints, normal, 0.5)];
        Assert.All(byPlace.SelectMany(Kernels), kernel => Assert.False(kernel.Accept(new Divisible()), kernel.Name));

        // a single datapoint is every row's
        ConjugateToy single = new(1, 8, 1);
        Target[] others = [normal, normal.Temper(2), normal.PullBack(map), Tempering.Bridge(normal, normal, 0.5), Coordinates("plain").Target, LatentCoordinates.Datapoints(single.Density, single.Means).Target];
        Assert.All(others.SelectMany(Kernels), kernel => Assert.True(kernel.Accept(new Divisible()), kernel.Name));
    }

    [Theory]
    [MemberData(nameof(EachDatapoint))]
    public void A_datapoint_moves_by_its_own_gradient_and_noise_alone(string name)
    {
        LatentCoordinates coordinates = Coordinates(name);
        Close(Toy.Features.MatMul(Toy.LastLayer, transposeB: true), coordinates.Start);
        Tensor position = Normals(2, Points, 2);
        Tensor xi = Normals(3, Points, 2);
        Kernel<LangevinState> kernel = Named(name).On(coordinates, StepSize);

        // with uniforms of nearly 0 every proposal is accepted
        Noise noise = new(Named(name).IsAdjusted
            ? TensorTree.Of(("xi", xi), ("uniform", Tensor.Full(1e-300, new Shape(Points), DType.Float64)))
            : TensorTree.Of(("xi", xi)));
        Tensor moved = kernel.Advance(noise, kernel.Initialize(position)).State.Position;

        // ∇ log p(z_i | x_i) = A (m_i − z_i), in closed form
        Tensor gradient = (Toy.Means - position).MatMul(Toy.Precision);
        Close(position + (StepSize * gradient) + (Math.Sqrt(2 * StepSize) * xi), moved);
    }

    [Theory]
    [MemberData(nameof(EachDatapoint))]
    public void The_noise_of_one_datapoint_moves_no_other(string name)
    {
        Kernel<LangevinState> kernel = UnadjustedLangevin.Create(Coordinates(name).Target, new LangevinSettings(StepSize));
        LangevinState start = kernel.Initialize(Normals(2, Points, 2));
        double[] still = Step(Tensor.Zeros(new Shape(Points, 2), DType.Float64));
        double[] pushed = Step(Tensor.FromArray([0.0, 0, 1, -1, 0, 0], Points, 2));
        Assert.Equal(still[..2], pushed[..2]);
        Assert.Equal(still[4..], pushed[4..]);
        Assert.Equal(still[2] + Math.Sqrt(2 * StepSize), pushed[2], 1e-14);
        Assert.Equal(still[3] - Math.Sqrt(2 * StepSize), pushed[3], 1e-14);

        double[] Step(Tensor xi) => kernel.Advance(new Noise(TensorTree.Of(("xi", xi))), start).State.Position.ToArray();
    }

    private static LatentCoordinates Coordinates(string name) => Named(name).Coordinates(Toy.Density, Toy.Features, Toy.LastLayer);

    private static ILatentKernel Named(string name) => name switch
    {
        "plain" => new PlainAmortizedLangevin(),
        "plain unadjusted" => new PlainAmortizedLangevin(metropolis: false),
        "regularised" => new PreconditionedAmortizedLangevin(0.5),
        "regularised unadjusted" => new PreconditionedAmortizedLangevin(0.5, metropolis: false),
        "whitened datapoints" => new GaussNewtonLangevin(),
        "lambda 0" => new PreconditionedAmortizedLangevin(0),
        "lambda 0 unadjusted" => new PreconditionedAmortizedLangevin(0, metropolis: false),
        _ => new DatapointLangevin(),
    };

    /// <summary>A kernel of each kind, and what each combinator makes of one.</summary>
    private static IEnumerable<IKernel> Kernels(Target target)
    {
        LangevinSettings settings = new(StepSize);
        HamiltonianSettings path = new(StepSize, 2);
        Kernel<LangevinState> mala = MetropolisLangevin.Create(target, settings);
        yield return mala;
        yield return UnadjustedLangevin.Create(target, settings);
        yield return Barker.Create(target, settings);
        yield return LeimkuhlerMatthews.Create(target, settings);
        yield return Splitting.Create(target, "BAOAB", new UnderdampedSettings(StepSize, 1));
        yield return HamiltonianMonteCarlo.Create(target, path);
        yield return GeneralizedHamiltonian.Create(target, new LangevinTrajectorySettings(path, 1));
        yield return MetropolisLangevinTrajectories.Create(target, new LangevinTrajectorySettings(path, 1));
        yield return NoUTurn.Create(target, new NoUTurnSettings(StepSize));
        yield return MicrocanonicalLangevin.Create(target, new MicrocanonicalSettings(StepSize, 1));
        yield return AdjustedMicrocanonical.Create(target, new AdjustedMicrocanonicalSettings(StepSize, 2));
        yield return AnnealedLangevin.Create(target, [2, 1], StepSize);
        yield return ReplicaExchange.Create([1, 2], t => MetropolisLangevin.Create(target, new LangevinSettings(StepSize, t)));
        yield return Combinators.Compose([mala, mala]);
        yield return Combinators.Identity(mala);
        yield return Combinators.Cycle([mala, mala]);
        yield return Combinators.Mixture([mala, mala], [1, 1]);
        yield return mala.Repeat(2);
        yield return mala.Thin(2);
        yield return mala.OnPosition();
        yield return Combinators.Temper(target, 2, at => MetropolisLangevin.Create(at, settings));
    }

    private sealed class Divisible : IKernelVisitor<bool>
    {
        public bool Visit<TState>(Kernel<TState> kernel)
            where TState : class, IKernelState<TState> => kernel.IsDivisible;
    }

    private static Tensor Normals(uint stream, int rows, int columns)
    {
        double[] values = new double[rows * columns];
        RowDraws.Normal(Key, stream, 0, rows, columns, values);
        return Tensor.FromArray(values, rows, columns);
    }

    private static void Close(Tensor expected, Tensor actual)
    {
        Assert.Equal(expected.Shape, actual.Shape);
        Assert.All(expected.ToArray().Zip(actual.ToArray()), pair => Assert.Equal(pair.First, pair.Second, 1e-13));
    }
}
