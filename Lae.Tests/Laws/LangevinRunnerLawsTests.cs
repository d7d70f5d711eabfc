using Lae.Kernels;
using Lae.Laws;
using Lae.Numerics;
using Lae.Numerics.Engines;
using Lae.Numerics.Engines.Managed;
using Lae.Randomness;
using Lae.Targets;
using Lae.Tests.Kernels;

namespace Lae.Tests.Laws;

/// <summary>R-1 to R-11 of Leimkuhler–Matthews, Barker and the underdamped splittings: preconditioned or massive, in both precisions, through differentiation, on 1, 2 and 8 threads.</summary>
public sealed class LangevinRunnerLawsTests
{
    private static readonly RandomKey Key = RandomKey.FromSeed(20_261_122);
    private static readonly Target Quartic = SampleTargets.Quartic(3);
    private static readonly Tensor Position = GaussianProblem.Noise(3, 5, 3);
    private static readonly Tensor Matrix = GaussianProblem.ToTensor(GaussianProblem.Positive(3, 0.5, 2, 6));

    public static TheoryData<string> Names { get; } = ["Leimkuhler–Matthews", "Barker", "BAOAB", "ABOBA", "OBABO", "OABAO", "BAOA", "BAB", "BOBABAOAB"];

    [Theory]
    [MemberData(nameof(Names))]
    [Proves("R-1", "Leimkuhler–Matthews", "Barker", "BAOAB", "ABOBA", "OBABO", "OABAO", "BAOA")]
    [Proves("R-2", "Leimkuhler–Matthews", "Barker", "BAOAB", "ABOBA", "OBABO", "OABAO", "BAOA")]
    [Proves("R-3", "Leimkuhler–Matthews", "Barker", "BAOAB", "ABOBA", "OBABO", "OABAO", "BAOA")]
    [Proves("R-4", "Leimkuhler–Matthews", "Barker", "BAOAB", "ABOBA", "OBABO", "OABAO", "BAOA")]
    [Proves("R-5", "Leimkuhler–Matthews", "Barker", "BAOAB", "ABOBA", "OBABO", "OABAO", "BAOA")]
    [Proves("R-6", "Leimkuhler–Matthews", "Barker", "BAOAB", "ABOBA", "OBABO", "OABAO", "BAOA")]
    [Proves("R-7", "Leimkuhler–Matthews", "Barker", "BAOAB", "ABOBA", "OBABO", "OABAO", "BAOA")]
    [Proves("R-8", "Leimkuhler–Matthews", "Barker", "BAOAB", "ABOBA", "OBABO", "OABAO", "BAOA")]
    [Proves("R-9", "Leimkuhler–Matthews", "Barker", "BAOAB", "ABOBA", "OBABO", "OABAO", "BAOA")]
    [Proves("R-10", "Leimkuhler–Matthews", "Barker", "BAOAB", "ABOBA", "OBABO", "OABAO", "BAOA")]
    [Proves("R-11", "Leimkuhler–Matthews", "Barker", "BAOAB", "ABOBA", "OBABO", "OABAO", "BAOA")]
    public void Every_law_holds_with_a_dense_matrix(string name) => AllHold(name, Quartic, Position, Matrix);

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_law_holds_in_single_precision(string name) => AllHold(
        name, GaussianTarget.Diagonal(Tensor.FromArray([0.5f, 1, -1]), Tensor.FromArray([1f, 2, 5])), Position.Cast(DType.Float32), null);

    [Theory]
    [InlineData("Leimkuhler–Matthews")]
    [InlineData("Barker")]
    [InlineData("BAOAB")]
    [InlineData("OABAO")]
    public void Every_law_holds_through_differentiation(string name) => AllHold(name, SampleTargets.LogisticRegression(3), Position, null);

    [Theory]
    [InlineData("Leimkuhler–Matthews")]
    [InlineData("Barker")]
    [InlineData("BAOAB")]
    [InlineData("OABAO")]
    public void R7_holds_where_the_engine_divides_the_work_of_itself(string name)
    {
        IEngine[] engines = [new ManagedEngine(1), new ManagedEngine(2), new ManagedEngine(8)];
        Tensor wide = GaussianProblem.Noise(4, 256, 64);
        Target dense = GaussianTarget.Dense(Tensor.Zeros(new Shape(64), DType.Float64), GaussianProblem.ToTensor(GaussianProblem.Positive(64, 0.5, 5, 1)));
        Kernel(name, dense, null).Accept(new Threads(wide, engines)).Require();
    }

    /// <summary>One, two and eight threads, dividing even the smallest work.</summary>
    private static IReadOnlyList<IEngine> Engines { get; } = [.. new[] { 1, 2, 8 }.Select(threads => new ManagedEngine(threads, ManagedEngine.WidestRegister, isEager: true))];

    private static void AllHold(string name, Target target, Tensor position, Tensor? matrix)
    {
        IReadOnlyList<LawResult> results = name switch
        {
            "Leimkuhler–Matthews" => RunnerLaws.All(on => LeimkuhlerMatthews.Create(on, Overdamped(matrix)), target, position, Key, 1, Engines),
            "Barker" => RunnerLaws.All(on => Barker.Create(on, Overdamped(matrix)), target, position, Key, 1, Engines),
            _ => RunnerLaws.All(on => Splitting.Create(on, name, Underdamped(matrix)), target, position, Key, SplittingWord.Parse(name).GradientCount, Engines),
        };
        Assert.All(results, law => law.Require());
    }

    private static IKernel Kernel(string name, Target target, Tensor? matrix) => name switch
    {
        "Leimkuhler–Matthews" => LeimkuhlerMatthews.Create(target, Overdamped(matrix)),
        "Barker" => Barker.Create(target, Overdamped(matrix)),
        _ => Splitting.Create(target, name, Underdamped(matrix)),
    };

    private static LangevinSettings Overdamped(Tensor? matrix) => new(0.08, 1.6, matrix is null ? null : Preconditioner.Dense(matrix));

    private static UnderdampedSettings Underdamped(Tensor? matrix) => new(0.2, 1.3, 1.6, matrix is null ? null : MassMatrix.Dense(matrix));

    private sealed class Threads(Tensor position, IReadOnlyList<IEngine> engines) : IKernelVisitor<LawResult>
    {
        public LawResult Visit<TState>(Kernel<TState> kernel)
            where TState : class, IKernelState<TState> => RunnerLaws.ThreadIndependence(kernel, position, Key, engines);
    }
}
