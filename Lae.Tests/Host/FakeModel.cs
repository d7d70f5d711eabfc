using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Lae.Composition;
using Lae.Models;
using Lae.Numerics;
using Lae.Randomness;
using Microsoft.Extensions.DependencyInjection;

namespace Lae.Tests.Host;

/// <summary>A contract with two components, for what the binder does with nested sections.</summary>
public interface IFakeKernel
{
    double Strength { get; }
}

public sealed record AlphaKernel : IFakeKernel
{
    [Range(0.0, 1.0, MinimumIsExclusive = true)]
    public double StepSize { get; init; } = 0.25;

    public double Strength => StepSize;
}

public sealed record BetaKernel : IFakeKernel
{
    public int Count { get; init; } = 3;

    public double Strength => Count;
}

/// <summary>
/// A linear model that learns the mean of the data by noisy steps: fast and deterministic. Its optimiser state is the running sum of the
/// noise, so that a resumed run differs unless the whole state goes through the checkpoint.
/// </summary>
public sealed record FakeModelFactory : IModelFactory
{
    [Range(1, 64)]
    public int LatentSize { get; init; } = 3;

    /// <summary>The step whose loss is NaN; 0 for none.</summary>
    [Range(0, int.MaxValue)]
    public int NanAtStep { get; init; }

    /// <summary>Milliseconds that each step and each draw of posteriors sleeps, so that a process can be killed in the middle.</summary>
    [Range(0, 1000)]
    public int Delay { get; init; }

    public int[] Widths { get; init; } = [4, 5];

    public bool Flag { get; init; }

    public string? Note { get; init; }

    public DayOfWeek Day { get; init; } = DayOfWeek.Monday;

    public IFakeKernel Kernel { get; init; } = new AlphaKernel();

    /// <summary>A component that an absent section stands for.</summary>
    [DefaultValue("Beta")]
    public IFakeKernel? Second { get; init; }

    internal Action<long>? Stepped { get; init; }

    public ILatentVariableModel Create(DataDescription data) => new FakeModel(this, data);

    public static void Register(IServiceCollection services) => Register(services, null);

    public static void Register(IServiceCollection services, Action<long>? stepped) => services
        .AddComponent<IModelFactory, FakeModelFactory>("Fake", factory => factory with { Stepped = stepped })
        .AddComponent<IFakeKernel, AlphaKernel>("Alpha", kernel => kernel)
        .AddComponent<IFakeKernel, BetaKernel>("Beta", kernel => kernel.Count != 13 ? kernel : throw new ArgumentException("thirteen is refused"));
}

internal sealed class FakeModel(FakeModelFactory options, DataDescription data) : ILatentVariableModel
{
    public string Name => "Fake";

    public DataDescription Data => data;

    public int LatentSize => options.LatentSize;

    public TrainingState Initialize(RandomKey key) => new(
        TensorTree.Of(("weight", Normal(key, LatentSize, data.Columns)), ("mean", Tensor.Zeros(new Shape(data.Columns), DType.Float32))),
        TensorTree.Of(("sum", Tensor.Zeros(new Shape(data.Columns), DType.Float32))),
        TensorTree.Of(("logStep", Tensor.Scalar(-2, DType.Float64))),
        0);

    public TrainingTransition Train(RandomKey key, Tensor batch, TrainingState state)
    {
        Thread.Sleep(options.Delay);
        options.Stepped?.Invoke(state.Step + 1);
        Tensor noise = Normal(key, 1, data.Columns).Reshape(data.Columns);
        Tensor sum = state.Optimizer["sum"] + (noise * 0.01);
        double logStep = state.Adaptation["logStep"].ToDouble() - 0.01;
        Tensor error = batch.Mean(0) - state.Parameters["mean"];
        TrainingState next = new(
            state.Parameters.With("mean", state.Parameters["mean"] + (error * 0.2) + (sum * 0.01)),
            TensorTree.Of(("sum", sum)),
            TensorTree.Of(("logStep", Tensor.Scalar(logStep, DType.Float64, batch.Workspace))),
            state.Step + 1);
        double loss = next.Step == options.NanAtStep ? double.NaN : error.Square().Mean().ToDouble();
        SortedDictionary<string, double> info = new(StringComparer.Ordinal)
        {
            ["loss"] = loss,
            ["acceptanceProbability"] = 0.5 + (0.1 * options.Kernel.Strength * Math.Tanh(noise.ElementAt(0))),
        };
        return new TrainingTransition(next, info);
    }

    public IReadOnlyDictionary<string, double> Diagnose(Tensor batch, TrainingState state) =>
        new Dictionary<string, double> { ["lastLayerNorm"] = state.Parameters["weight"].Square().Sum().ToDouble(), ["featureCount"] = 2, ["batchSize"] = batch.Shape[0] };

    public Tensor Encode(TensorTree parameters, Tensor x) => (x - parameters["mean"]).MatMul(parameters["weight"], transposeB: true) * (1.0 / data.Columns);

    public IPrior Prior(TensorTree parameters) => new StandardNormalPrior();

    public LatentDensity Density(TensorTree parameters, Tensor x) => LatentDensity.FromFunction(
        x, LatentSize, (z, observed) => ((observed - Decode(parameters, z)).Square().Sum(1) * -0.5) + Prior(parameters).LogDensity(z));

    public Tensor SamplePosterior(RandomKey key, TensorTree parameters, Tensor x, int draws, int transitions)
    {
        Thread.Sleep(options.Delay);
        Tensor z = Encode(parameters, x);
        return Shaping.Join(0, [.. Enumerable.Range(0, draws).Select(draw =>
            (z + (Normal(key.FoldIn((ulong)draw), z.Shape[0], LatentSize) * (0.01 * transitions))).Reshape(1, z.Shape[0], LatentSize))]);
    }

    public Tensor Decode(TensorTree parameters, Tensor z) => z.MatMul(parameters["weight"]) + parameters["mean"];

    public Tensor Generate(RandomKey key, TensorTree parameters, int count) => Decode(parameters, Normal(key, count, LatentSize));

    public IReadOnlyDictionary<string, double> Evaluate(RandomKey key, TensorTree parameters, Tensor x, EncoderBoundSettings? bound = null) =>
        new Dictionary<string, double> { ["reconstructionError"] = (Decode(parameters, Encode(parameters, x)) - x).Square().Mean().ToDouble() };

    private static Tensor Normal(RandomKey key, int rows, int columns)
    {
        float[] values = new float[rows * columns];
        RowDraws.Normal(key, 0, 0, rows, columns, values);
        return Tensor.FromArray(values, rows, columns);
    }
}
