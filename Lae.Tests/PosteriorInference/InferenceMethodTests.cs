using Lae.Models;
using Lae.Networks;
using Lae.Numerics;
using Lae.Optimizers;
using Lae.PosteriorInference;
using Lae.Randomness;

namespace Lae.Tests.PosteriorInference;

/// <summary>
/// The claims of the toys on the conjugate bivariate one, in short. 2,000 draws have a mean error of about 0.02 and the median variance ratio a deviation of about 0.02, so the bars are several of them away.
/// </summary>
public sealed class InferenceMethodTests
{
    private const int Draws = 2000;
    private static readonly Tensor Covariance = Tensor.FromArray([0.7, 0.6, 0.6, 0.8], 2, 2);
    private static readonly InferenceProblem Problem = ConjugateGaussian.Create(ConjugateGaussian.Simulate(RandomKey.FromSeed(1), 3, Covariance), Covariance);
    private static readonly DenseArchitecture Encoder = new([64]);

    [Fact]
    public void Langevin_dynamics_meets_the_posterior() =>
        AssertExact(new LangevinDynamicsMethod(new LangevinChainPlan(100, 200, 20, 0.1)));

    [Fact]
    public void Unadjusted_langevin_dynamics_has_the_bias_of_its_step()
    {
        // N(m, (A − η A²/2)⁻¹): with the univariate A = 3 and η = 0.2 the variance is 1/(3 − 0.9)
        InferenceProblem univariate = ConjugateGaussian.Create(Tensor.FromArray([1.5], 1, 1), Tensor.FromArray([0.5], 1, 1));
        InferredDraws made = new LangevinDynamicsMethod(new LangevinChainPlan(500, 100, 20, 0.2, Metropolis: false)).Infer(RandomKey.FromSeed(2), univariate, 10_000);
        Tensor mean = made.Draws.Mean(0);
        Assert.Equal(1 / 2.1, (made.Draws - mean).Square().Mean().ToDouble(), 5 * Math.Sqrt(2.0 / 10_000) / 2.1);
        Assert.Equal(1.0, mean.ToDouble(), 5 * Math.Sqrt(1 / 2.1 / 10_000));
    }

    [Fact]
    public void Plain_amortized_langevin_dynamics_meets_the_posterior_of_three_points() =>
        AssertExact(Amortized(new PlainAmortizedLangevin(), new LastLayerUpdate(), stepSize: 1e-3, transitions: 50), 0.12);

    [Fact]
    public void Preconditioned_amortized_langevin_dynamics_meets_the_posterior() =>
        AssertExact(Amortized(new DatapointLangevin(), new LeastNormUpdate(), stepSize: 0.1, transitions: 20));

    [Fact]
    public void The_ends_of_the_distilled_chains_meet_the_posterior() =>
        AssertExact(Amortized(new DatapointLangevin(), new RegressionUpdate(), stepSize: 0.1, transitions: 20));

    [Fact]
    public void The_ends_of_chains_whose_drift_the_encoder_has_followed_meet_the_posterior() =>
        AssertExact(Amortized(new DatapointLangevin(), new DriftUpdate(), stepSize: 0.1, transitions: 20));

    [Fact]
    public void The_ends_of_too_short_distilled_chains_do_not()
    {
        IReadOnlyDictionary<string, double> figures = FiguresOf(Amortized(new DatapointLangevin(), new RegressionUpdate(), stepSize: 0.1, transitions: 1));
        Assert.True(figures["varianceRatio"] < 0.9);
    }

    [Fact]
    public void A_diagonal_gaussian_has_the_variance_of_mean_field()
    {
        // 1/(S⁻¹)_jj over S_jj is 1 − ρ² in both dimensions
        double[] s = Problem.Moments!.Covariances.Slice(0, 0, 1).ToArray();
        double expected = 1 - (s[1] * s[1] / (s[0] * s[3]));
        VariationalMethod method = new(new VariationalParts(Encoder, new DiagonalGaussian(), new Adam(1e-2), 600, 8));
        Assert.Equal(expected, FiguresOf(method)["varianceRatio"], 0.1);
        Assert.True(expected < 0.65);
    }

    [Fact]
    public void What_a_method_makes_is_a_function_of_its_key_alone()
    {
        IInferenceMethod[] methods =
        [
            new LangevinDynamicsMethod(new LangevinChainPlan(7, 5, 2, 0.1)),
            Amortized(new DatapointLangevin(), new RegressionUpdate(), 0.1, 2, burnIn: 3),
            Amortized(new PlainAmortizedLangevin(), new RegressionUpdate(), 1e-3, 2, burnIn: 3),
            new VariationalMethod(new VariationalParts(Encoder, PlanarFlow.Family(2), new Adam(1e-2), 5, 2)),
        ];
        Assert.All(methods, method =>
        {
            Tensor first = method.Infer(RandomKey.FromSeed(4), Problem, 30).Draws;
            Assert.Equal(new Shape(30, 3, 2), first.Shape);
            Assert.Equal(first.ToArray(), method.Infer(RandomKey.FromSeed(4), Problem, 30).Draws.ToArray());
            Assert.NotEqual(first.ToArray(), method.Infer(RandomKey.FromSeed(5), Problem, 30).Draws.ToArray());
        });
    }

    [Fact]
    public void A_method_that_a_problem_does_not_fit_says_why()
    {
        InferenceProblem ring = RingProblem.Create();
        Assert.Throws<ArgumentException>(() => Amortized(new DatapointLangevin(), new LeastNormUpdate(), 0.1, 2).RequireFits(ring));
        Assert.Throws<ArgumentException>(() => new VariationalMethod(new VariationalParts(Encoder, new DiagonalGaussian(), new Adam(1e-2), 1, 1)).RequireFits(ring));
        Assert.Throws<ArgumentException>(() => Amortized(new DatapointLangevin(), new LastLayerUpdate(), 0.1, 2));
        SamplerNetworkMethod sampler = new(
            size => new SamplerLangevin(size, 4, 8, Encoder, new DatapointLangevin(), 2, new StepSizeAdaptation(1), DType.Float64), new SamplerAnnealing(0.1, 3, 1, 1));
        Assert.Throws<ArgumentException>(() => sampler.RequireFits(Problem));
        Assert.Equal(new Shape(10, 1, 2), sampler.Infer(RandomKey.FromSeed(1), ring, 10).Draws.Shape);
    }

    private static AmortizedLangevinMethod Amortized(ILatentKernel kernel, IEncoderUpdate update, double stepSize, int transitions, int burnIn = 300) => new(
        new AmortizedLangevinParts(Encoder, kernel, update, new StepSizeAdaptation(stepSize, gain: 0.1), transitions, burnIn, BiasDeviation: 1, new Adam(3e-3)));

    private static IReadOnlyDictionary<string, double> FiguresOf(IInferenceMethod method)
    {
        InferenceFigures figures = new(Problem, Problem.Reference(RandomKey.FromSeed(11), Draws), 20);
        InferredDraws made = method.Infer(RandomKey.FromSeed(12), Problem, Draws);
        return figures.Of(made.Draws, made.Chains);
    }

    private static void AssertExact(IInferenceMethod method, double meanError = 0.08)
    {
        IReadOnlyDictionary<string, double> figures = FiguresOf(method);
        Assert.InRange(figures["meanError"], 0, meanError);
        Assert.InRange(figures["varianceRatio"], 0.88, 1.12);
    }
}
