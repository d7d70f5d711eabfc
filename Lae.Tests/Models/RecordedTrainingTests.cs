using Lae.Datasets;
using Lae.Models;
using Lae.Networks;
using Lae.Numerics;
using Lae.Optimizers;
using Lae.Randomness;

namespace Lae.Tests.Models;

/// <summary>Training by what the chain has computed is training by the loss itself.</summary>
public sealed class RecordedTrainingTests
{
    private const int Steps = 12;
    private static readonly DataDescription Data = new(16, 17, 60);

    [Theory]
    [InlineData(0, 2)]
    [InlineData(1, 3)]
    [InlineData(0, 8)]
    public void A_model_that_remembers_its_chain_learns_the_same(int uncounted, int transitions)
    {
        (TensorTree remembering, double acceptance) = Train(new PlainAmortizedLangevin(), new LastLayerUpdate(uncounted), transitions);
        (TensorTree forgetful, _) = Train(new Claiming(new PlainAmortizedLangevin(), movesTogether: false), new LastLayerUpdate(uncounted), transitions);

        // both happen: that a proposal is taken, and that the chain stays where it was
        Assert.InRange(acceptance, 0.1, 0.9);
        Assert.InRange(Difference(remembering, forgetful), 0, 1e-10);
    }

    [Fact]
    public void Unadjusted_dynamics_too() => Assert.InRange(
        Difference(
            Train(new PlainAmortizedLangevin(metropolis: false), new LastLayerUpdate(), 3).Parameters,
            Train(new Claiming(new PlainAmortizedLangevin(metropolis: false), movesTogether: false), new LastLayerUpdate(), 3).Parameters),
        0,
        1e-10);

    [Fact]
    public void Where_rows_are_decided_one_by_one_the_energy_is_evaluated_anew() => Assert.InRange(
        Difference(
            Train(new Claiming(new DatapointLangevin(), movesTogether: true), new RegressionUpdate(), 2).Parameters,
            Train(new DatapointLangevin(), new RegressionUpdate(), 2).Parameters),
        0,
        1e-10);

    /// <summary>The planted bug: a loss at the place where the chain was before its last transition.</summary>
    [Fact]
    public void Another_state_is_not_the_same() => Assert.InRange(
        Difference(
            Train(new PlainAmortizedLangevin(metropolis: false), new LastLayerUpdate(), 3).Parameters,
            Train(new PlainAmortizedLangevin(metropolis: false), new LastLayerUpdate(1), 3).Parameters),
        1e-6,
        double.MaxValue);

    private static (TensorTree Parameters, double Acceptance) Train(ILatentKernel kernel, IEncoderUpdate update, int transitions)
    {
        DenseArchitecture dense = new([12, 10]);
        LangevinAutoencoder model = new(
            new LangevinAutoencoderParts(
                3, dense, dense, new DiscretizedLogisticLikelihood(17), kernel, update, transitions, new StepSizeAdaptation(2e-3, gain: 0), new Adam(1e-3), new Adam(1e-2), DType.Float64),
            Data);
        double[] noise = new double[20 * 16];
        RowDraws.Normal(RandomKey.FromSeed(5), 0, 0, 20, 16, noise);
        Tensor batch = Tensor.FromSpan<double>(Workspace.Default, [.. noise.Select(value => (Math.Round((Math.Tanh(value) + 1) * 8) / 8) - 1)], new Shape(20, 16));
        TrainingState state = model.Initialize(RandomKey.FromSeed(2));
        double acceptance = 0;
        for (int step = 0; step < Steps; step++)
        {
            TrainingTransition next = model.Train(RandomKey.FromSeed(3).FoldIn((ulong)step), batch, state);
            state = next.State;
            acceptance += next.Info.GetValueOrDefault("acceptanceProbability") / Steps;
        }

        return (state.Parameters, acceptance);
    }

    private static double Difference(TensorTree a, TensorTree b) => a.Max(pair => (pair.Value - b[pair.Key]).Abs().ToArray().Max());

    /// <summary>A latent kernel that says otherwise of itself.</summary>
    private sealed class Claiming(ILatentKernel inner, bool movesTogether) : ILatentKernel
    {
        public string Name => inner.Name;

        public bool IsAdjusted => inner.IsAdjusted;

        public bool MovesLastLayer => inner.MovesLastLayer;

        public bool MovesTogether => movesTogether;

        public LatentCoordinates Coordinates(LatentDensity density, Tensor features, Tensor lastLayer) => inner.Coordinates(density, features, lastLayer);
    }
}
