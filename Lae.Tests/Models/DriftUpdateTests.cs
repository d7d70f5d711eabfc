using Lae.Models;
using Lae.Networks;
using Lae.Numerics;
using Lae.Optimizers;
using Lae.Randomness;

namespace Lae.Tests.Models;

/// <summary>An encoder that follows the drift of a chain: the gradient that it climbs is that of the states that were left, in Z whatever the coordinates, and the mean of a Gaussian posterior is where it rests.</summary>
public sealed class DriftUpdateTests
{
    private const int Points = 4;
    private const int Transitions = 3;
    private const double StepSize = 0.3;
    private static readonly ConjugateToy Toy = new(Points, 8, 3);

    public static TheoryData<string> Kernels => ["MALA", "ULA", "preconditioned", "Gauss-Newton"];

    [Theory]
    [MemberData(nameof(Kernels))]
    public void The_encoder_climbs_the_mean_gradient_of_the_states_that_were_left(string named)
    {
        AmortizedStep step = Infer(Kernel(named), Toy.Features, Toy.LastLayer, Transitions);
        Tensor[] left = [step.Run.Start, .. step.Run.Latents.Take(Transitions - 1)];
        Tensor mean = left.Select(z => Toy.Density.Evaluate(z).Gradient).Aggregate((one, other) => one + other) / Transitions;
        Close(mean, step.Lesson.Ascent!);
        Assert.Equal(named is "MALA" or "preconditioned", Refused(step.Run));

        TensorTree parameters = TensorTree.Of((AmortizedInference.LastLayer, Toy.LastLayer));
        ValueAndTreeGradient loss = Differentiation.ValueAndGradient(
            tree => AmortizedInference.Loss(Toy.Features, tree[AmortizedInference.LastLayer], step, static z => z.Sum()), parameters);
        Close(mean.MatMul(Toy.Features, transposeA: true) / -Points, loss.Gradient[AmortizedInference.LastLayer]);
        Assert.Equal(step.Run.Latents[^1].Sum().ToDouble(), loss.Value.ToDouble(), 1e-12);
        Assert.Same(parameters, AmortizedInference.Follow(parameters, step));
    }

    [Theory]
    [MemberData(nameof(Kernels))]
    public void Its_first_gradient_vanishes_at_the_mean_of_a_gaussian_posterior_and_leads_there_from_elsewhere(string named)
    {
        Tensor identity = Tensor.Identity(2, DType.Float64);
        Close(Tensor.Zeros(Toy.Means.Shape, DType.Float64), Infer(Kernel(named), Toy.Means, identity, 1).Lesson.Ascent!);
        Tensor away = Tensor.FromArray([0.3, -0.2], 1, 2).BroadcastTo(Toy.Means.Shape);
        Close(-away.MatMul(Toy.Precision), Infer(Kernel(named), Toy.Means + away, identity, 1).Lesson.Ascent!);
    }

    [Fact]
    public void In_whitened_coordinates_every_datapoint_has_the_gradient_of_its_own_posterior()
    {
        // H_i = [[a, b], [b, c]] in the rows of the observations
        Tensor observed = Tensor.FromArray([2.0, 0.5, 3, 1, -0.2, 7, 9, 2, 1.5], 3, 3);
        Tensor precisions = Tensor.FromArray([2.0, 0.5, 0.5, 3, 1, -0.2, -0.2, 7, 9, 2, 2, 1.5], 3, 2, 2);
        LatentDensity density = LatentDensity.FromFunction(
            observed,
            2,
            static (z, h) =>
            {
                (Tensor first, Tensor second) = (z.Slice(1, 0, 1), z.Slice(1, 1, 1));
                return -0.5 * ((h.Slice(1, 0, 1) * first * first) + (2 * h.Slice(1, 1, 1) * first * second) + (h.Slice(1, 2, 1) * second * second)).Sum(1);
            },
            _ => precisions);
        Tensor start = Tensor.FromArray([0.3, -0.2, 0.1, 0.5, -0.4, 0.2], 3, 2);
        Close(density.Evaluate(start).Gradient, Infer(new GaussNewtonLangevin(), start, Tensor.Identity(2, DType.Float64), 1, density).Lesson.Ascent!);
    }

    [Theory]
    [InlineData("MALA")]
    [InlineData("Gauss-Newton")]
    public void Encodings_come_to_rest_at_the_means(string named)
    {
        // each datapoint has an encoding of its own; errors have a deviation of 0.011 (12 seeds), and six of them are allowed
        Tensor own = Tensor.Identity(Points, DType.Float64);
        AmortizedInference inference = new(
            2, new LinearArchitecture().Features(new RowForm(Points)), Kernel(named), new DriftUpdate(), 2, new StepSizeAdaptation(StepSize, gain: 0), DType.Float64);
        const int Steps = 2000;
        Adam adam = new(0.02, decaySteps: Steps);
        TensorTree parameters = TensorTree.Of((AmortizedInference.LastLayer, Tensor.Zeros(new Shape(2, Points), DType.Float64)));
        TensorTree optimizer = adam.Initialize(parameters);
        for (int k = 0; k < Steps; k++)
        {
            Tensor lastLayer = parameters[AmortizedInference.LastLayer];
            AmortizedStep step = inference.Infer(RandomKey.FromSeed(4).FoldIn((ulong)k), Toy.Density, own, lastLayer, inference.InitializeAdaptation(), k + 1);
            TensorTree gradient = Differentiation.ValueAndGradient(
                tree => AmortizedInference.Loss(own, tree[AmortizedInference.LastLayer], step, static z => 0 * z.Sum()), parameters).Gradient;
            (parameters, optimizer) = adam.Descend(gradient, parameters, optimizer);
        }

        double[] errors = [.. (parameters[AmortizedInference.LastLayer].Transpose() - Toy.Means).ToArray().Select(Math.Abs)];
        Assert.All(errors, error => Assert.InRange(error, 0, 0.066));
    }

    [Fact]
    public void Kernels_that_move_the_last_layer_are_refused()
    {
        foreach (ILatentKernel kernel in (ILatentKernel[])[new PlainAmortizedLangevin(), new PreconditionedAmortizedLangevin(0.1)])
        {
            string message = Assert.Throws<ArgumentException>(() => new DriftUpdate().RequireFits(kernel, 2)).Message;
            Assert.Contains(kernel.Name, message, StringComparison.Ordinal);
            Assert.Contains("Regression", message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Coordinates_that_do_not_know_the_gradient_in_Z_are_refused() => Assert.Contains(
        nameof(LatentCoordinates.ToLatentGradient),
        Assert.Throws<ArgumentException>(() => Infer(new PlainAmortizedLangevin(), Toy.Features, Toy.LastLayer, 1)).Message,
        StringComparison.Ordinal);

    /// <summary>Whether a datapoint stayed where it was.</summary>
    private static bool Refused(LatentRun run)
    {
        Tensor[] states = [run.Start, .. run.Latents];
        return states.Zip(states.Skip(1)).Any(pair => Enumerable.Range(0, Points).Any(i => pair.First.Slice(0, i, 1).ToArray().SequenceEqual(pair.Second.Slice(0, i, 1).ToArray())));
    }

    private static ILatentKernel Kernel(string named) => named switch
    {
        "MALA" => new DatapointLangevin(),
        "ULA" => new DatapointLangevin(metropolis: false),
        "preconditioned" => new PreconditionedAmortizedLangevin(),
        _ => new GaussNewtonLangevin(),
    };

    private static AmortizedStep Infer(ILatentKernel kernel, Tensor features, Tensor lastLayer, int transitions, LatentDensity? density = null)
    {
        AmortizedInference inference = new(
            2, new LinearArchitecture().Features(new RowForm(features.Shape[1])), kernel, new DriftUpdate(), transitions, new StepSizeAdaptation(StepSize), DType.Float64);
        return inference.Infer(RandomKey.FromSeed(4), density ?? Toy.Density, features, lastLayer, inference.InitializeAdaptation(), 1);
    }

    private static void Close(Tensor expected, Tensor actual)
    {
        Assert.Equal(expected.Shape, actual.Shape);
        Assert.All(expected.ToArray().Zip(actual.ToArray()), pair => Assert.Equal(pair.First, pair.Second, 1e-10));
    }
}
