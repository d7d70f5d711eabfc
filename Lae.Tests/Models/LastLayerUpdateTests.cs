using Lae.Models;
using Lae.Networks;
using Lae.Numerics;
using Lae.Optimizers;
using Lae.Randomness;

namespace Lae.Tests.Models;

/// <summary>Φ stays where the chain left it; the states before its last transitions teach features and decoder.</summary>
public sealed class LastLayerUpdateTests
{
    private const int Transitions = 3;
    private static readonly ConjugateToy Toy = new(4, 8, 3);

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void Energy_is_averaged_over_the_states_that_count_and_the_last_one_is_followed(int uncounted)
    {
        AmortizedStep step = Infer(uncounted);
        Tensor[] counted = [.. step.Run.LastLayers.Take(Transitions - uncounted)];
        Assert.Equal(Transitions, step.Run.LastLayers.Count);
        Assert.Equal(counted, step.Lesson.LastLayers);

        // any function of z will do: the sum of squares
        double expected = counted.Average(phi => Toy.Features.MatMul(phi, transposeB: true).Square().Sum().ToDouble());
        Assert.Equal(expected, AmortizedInference.Loss(Toy.Features, Toy.LastLayer, step, static z => z.Square().Sum()).ToDouble(), 1e-12 * expected);

        TensorTree parameters = AmortizedInference.Follow(TensorTree.Of((AmortizedInference.LastLayer, Toy.LastLayer)), step);
        Assert.Equal(step.Run.LastLayers[^1].ToArray(), parameters[AmortizedInference.LastLayer].ToArray());
    }

    [Fact]
    public void The_states_of_the_chain_do_not_depend_on_which_of_them_count() =>
        Assert.Equal(Infer(0).Run.LastLayers.Select(phi => phi.ToArray()), Infer(2).Run.LastLayers.Select(phi => phi.ToArray()));

    [Fact]
    public void Some_state_must_count()
    {
        new LastLayerUpdate(1).RequireFits(new PlainAmortizedLangevin(), 2);
        Assert.Contains("more than 2 Transitions", Assert.Throws<ArgumentException>(() => new LastLayerUpdate(2).RequireFits(new PlainAmortizedLangevin(), 2)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => new LastLayerUpdate(-1));
    }

    [Fact]
    public void Kernels_that_move_latent_points_are_refused() => Assert.Contains(
        "Regression", Assert.Throws<ArgumentException>(() => new LastLayerUpdate().RequireFits(new DatapointLangevin(), 2)).Message, StringComparison.Ordinal);

    private static AmortizedStep Infer(int uncounted)
    {
        AmortizedInference inference = new(
            2, new LinearArchitecture().Features(new RowForm(Toy.Features.Shape[1])), new PlainAmortizedLangevin(metropolis: false), new LastLayerUpdate(uncounted), Transitions, new StepSizeAdaptation(1e-3), DType.Float64);
        return inference.Infer(RandomKey.FromSeed(4), Toy.Density, Toy.Features, Toy.LastLayer, inference.InitializeAdaptation(), 1);
    }
}
