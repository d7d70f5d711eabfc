using Lae.Kernels;
using Lae.Models;
using Lae.Networks;
using Lae.Numerics;
using Lae.Optimizers;
using Lae.PosteriorInference;
using Lae.Randomness;

namespace Lae.Tests.Models;

/// <summary>The curvature of posteriors is exact where they are Gaussian, and a kernel in its coordinates moves as its formula says; without the matrix where it belongs the law is broken.</summary>
public sealed class GaussNewtonTests
{
    private const int Points = 4;
    private const int Latents = 3;
    private const int Columns = 6;
    private const double StepSize = 0.3;

    [Fact]
    public void For_a_linear_decoder_it_is_the_precision_of_the_posterior()
    {
        (GenerativePart part, TensorTree parameters) = Part(new LinearArchitecture());
        Tensor weight = parameters["decoder.0.weight"];
        Tensor expected = Tensor.Identity(Latents, DType.Float64) + (parameters["likelihood.tau"].Softplus() * weight.MatMul(weight, transposeA: true));
        double[] found = part.Density(parameters, new StandardNormalPrior(), Normals(5, Points, Columns)).Precision(Normals(6, Points, Latents)).ToArray();
        for (int i = 0; i < Points; i++)
        {
            Close(expected.ToArray(), found[(i * Latents * Latents)..((i + 1) * Latents * Latents)], 1e-9);
        }
    }

    [Theory]
    [InlineData("gaussian")]
    [InlineData("bernoulli")]
    [InlineData("logistic")]
    public void For_any_decoder_it_is_the_outer_products_of_its_slopes(string name)
    {
        ILikelihood likelihood = name switch { "gaussian" => new GaussianLikelihood(), "bernoulli" => new BernoulliLikelihood(), _ => new DiscretizedLogisticLikelihood(17) };
        (GenerativePart part, TensorTree parameters) = Part(new DenseArchitecture([5], Activation.Tanh, layerNormalization: false), likelihood);
        INetwork decoder = new DenseArchitecture([5], Activation.Tanh, layerNormalization: false).Whole(new RowForm(Latents), new RowForm(Columns));
        Tensor x = Tensor.FromArray([.. Enumerable.Range(0, Points * Columns).Select(i => (((i * 7) % 17) / 8.0) - 1)], Points, Columns);
        Tensor z = Normals(6, Points, Latents);
        double[] curvature = likelihood.Curvature(parameters.Under("likelihood"), x, Decoded(z)).ToArray();
        double[] found = part.Density(parameters, new StandardNormalPrior(), x).Precision(z).ToArray();

        // J by reverse differentiation, one output at a time
        double[][] slopes = [.. Enumerable.Range(0, Columns).Select(column => Differentiation.ValueAndGradient(at => Decoded(at).Slice(1, column, 1).Reshape(Points), z).Gradient.ToArray())];
        for (int i = 0; i < Points; i++)
        {
            for (int j = 0; j < Latents; j++)
            {
                for (int k = 0; k < Latents; k++)
                {
                    double expected = (j == k ? 1 : 0)
                        + Enumerable.Range(0, Columns).Sum(column => slopes[column][(i * Latents) + j] * curvature[(i * Columns) + column] * slopes[column][(i * Latents) + k]);

                    // the decoder is curved, and its slopes are taken over a distance of 1/128
                    Assert.Equal(expected, found[(((i * Latents) + j) * Latents) + k], 0.05 * Math.Max(1, Math.Abs(expected)));
                    Assert.Equal(found[(((i * Latents) + k) * Latents) + j], found[(((i * Latents) + j) * Latents) + k]);
                }
            }
        }

        Tensor Decoded(Tensor at) => decoder.Apply(parameters.Under("decoder"), at);
    }

    [Fact]
    public void The_whitening_brings_every_precision_to_the_identity()
    {
        double[] h = Precisions().ToArray();
        double[] w = GaussNewton.Whitening(Precisions()).ToArray();
        for (int i = 0; i < Points; i++)
        {
            Tensor precision = Tensor.FromArray(h[(i * 9)..((i + 1) * 9)], 3, 3);
            Tensor whitening = Tensor.FromArray(w[(i * 9)..((i + 1) * 9)], 3, 3);
            Close(Tensor.Identity(3, DType.Float64).ToArray(), whitening.MatMul(precision).MatMul(whitening, transposeB: true).ToArray(), 1e-12);
            Assert.Equal([0, 0, 0], [w[(i * 9) + 1], w[(i * 9) + 2], w[(i * 9) + 5]]);
        }
    }

    [Fact]
    public void In_its_coordinates_a_gaussian_posterior_is_a_standard_normal()
    {
        ConjugateToy toy = new(Points, 8, 3);
        LatentCoordinates coordinates = new GaussNewtonLangevin().Coordinates(toy.Density, toy.Features, toy.LastLayer);
        Close(toy.Features.MatMul(toy.LastLayer, transposeB: true).ToArray(), coordinates.ToLatents(coordinates.Start).ToArray(), 0);
        RequireStandard(w => coordinates.Target.Evaluate(w).Gradient);
    }

    [Fact]
    public void A_gradient_without_the_matrix_or_with_its_transpose_is_rejected()
    {
        ConjugateToy toy = new(Points, 8, 3);
        LatentCoordinates coordinates = new GaussNewtonLangevin().Coordinates(toy.Density, toy.Features, toy.LastLayer);
        Tensor transposed = GaussNewton.Whitening(coordinates.Precision!).Permute(0, 2, 1);
        Assert.ThrowsAny<Xunit.Sdk.XunitException>(() => RequireStandard(w => toy.Density.Evaluate(coordinates.ToLatents(w)).Gradient));
        Assert.ThrowsAny<Xunit.Sdk.XunitException>(() => RequireStandard(w => GaussNewton.Times(transposed, toy.Density.Evaluate(coordinates.ToLatents(w)).Gradient)));
    }

    [Fact]
    public void A_datapoint_moves_by_its_preconditioned_gradient_and_noise()
    {
        ConjugateToy toy = new(Points, 8, 3);
        GaussNewtonLangevin kernel = new();
        LatentCoordinates coordinates = kernel.Coordinates(toy.Density, toy.Features, toy.LastLayer);
        Tensor w = Normals(1, Points, 2);
        Tensor xi = Normals(2, Points, 2);

        // with uniforms of nearly 0 every proposal is accepted
        Noise noise = new(TensorTree.Of(("xi", xi), ("uniform", Tensor.Full(1e-300, new Shape(Points), DType.Float64))));
        Kernel<LangevinState> langevin = kernel.On(coordinates, StepSize);
        Tensor moved = coordinates.ToLatents(langevin.Advance(noise, langevin.Initialize(w)).State.Position);

        // M ∇ log p(z_i | x_i) = m_i − z_i in closed form, and noise of covariance 2 η M
        Tensor z = coordinates.ToLatents(w);
        Tensor root = ConjugateToy.Inverse(toy.Precision.Cholesky().MatMul(toy.Precision.Cholesky(), transposeA: true));
        Tensor factor = toy.Precision.Cholesky().TriangularSolve(Tensor.Identity(2, DType.Float64));
        Close(root.ToArray(), factor.MatMul(factor, transposeB: true).ToArray(), 1e-12);
        Close((z + (StepSize * (toy.Means - z)) + (Math.Sqrt(2 * StepSize) * xi.MatMul(factor))).ToArray(), moved.ToArray(), 1e-12);
        Close(toy.Covariance.ToArray(), factor.MatMul(factor, transposeA: true).ToArray(), 1e-12);
    }

    [Fact]
    public void An_encoder_is_regressed_in_the_metric_of_the_curvature()
    {
        ConjugateToy toy = new(Points, 8, 3);
        GaussNewtonLangevin kernel = new();
        AmortizedInference inference = new(2, new LinearArchitecture().Features(new RowForm(8)), kernel, new RegressionUpdate(), 2, new StepSizeAdaptation(StepSize), DType.Float64);
        TensorTree parameters = TensorTree.Of((AmortizedInference.LastLayer, toy.LastLayer));
        AmortizedStep step = inference.Infer(RandomKey.FromSeed(4), toy.Density, toy.Features, toy.LastLayer, inference.InitializeAdaptation(), 1);
        Tensor gradient = Differentiation.ValueAndGradient(tree => AmortizedInference.Loss(toy.Features, tree[AmortizedInference.LastLayer], step, static z => 0 * z.Sum()), parameters).Gradient[AmortizedInference.LastLayer];
        Tensor residual = toy.Features.MatMul(toy.LastLayer, transposeB: true) - step.Run.Latents[^1];
        Close((residual.MatMul(toy.Precision).MatMul(toy.Features, transposeA: true) / Points).ToArray(), gradient.ToArray(), 1e-12);
    }

    [Fact]
    public void Without_a_decoder_or_with_numbers_that_are_none_there_is_no_curvature()
    {
        LatentDensity density = LatentDensity.FromFunction(Normals(1, Points, 2), 2, (z, x) => -Reductions.DotRows(z, x));
        Assert.Contains("Gauss", Assert.Throws<NotSupportedException>(() => density.Precision(Normals(2, Points, 2))).Message, StringComparison.Ordinal);
        Tensor spoiled = Tensor.FromArray([1.0, double.NaN, double.NaN, 1], 1, 2, 2);
        Assert.Throws<NonFiniteStateException>(() => GaussNewton.Whitening(spoiled));
    }

    [Fact]
    public void A_sampler_network_and_a_problem_without_curvature_refuse_the_kernel()
    {
        ArgumentException sampler = Assert.Throws<ArgumentException>(() => new SamplerLangevin(
            2, 4, 8, new DenseArchitecture([32]), new GaussNewtonLangevin(), 1, new StepSizeAdaptation(StepSize), DType.Float64));
        Assert.Contains("use DatapointLangevin", sampler.Message, StringComparison.Ordinal);
        AmortizedLangevinMethod method = new(new AmortizedLangevinParts(
            new LinearArchitecture(), new GaussNewtonLangevin(), new RegressionUpdate(), new StepSizeAdaptation(StepSize), 2, 10, 0, new Adam(1e-3)));
        InferenceProblem problem = ConjugateGaussian.Create(Normals(3, 5, 2), Tensor.Identity(2, DType.Float64));
        Assert.Contains("use DatapointLangevin", Assert.Throws<ArgumentException>(() => method.RequireFits(problem)).Message, StringComparison.Ordinal);
    }

    /// <summary>∇ log N(w; w*, I) falls by Δw where w moves by Δw, whatever w* is.</summary>
    private static void RequireStandard(Func<Tensor, Tensor> gradient)
    {
        Tensor w = Normals(7, Points, 2);
        Tensor moved = w + Normals(8, Points, 2);
        Close((w - moved).ToArray(), (gradient(moved) - gradient(w)).ToArray(), 1e-12);
    }

    private static Tensor Precisions()
    {
        Tensor a = Normals(9, Points * 3, 4);
        return Shaping.Join(0, [.. Enumerable.Range(0, Points).Select(i => (Tensor.Identity(3, DType.Float64) + a.Slice(0, 3 * i, 3).MatMul(a.Slice(0, 3 * i, 3), transposeB: true)).Reshape(1, 3, 3))]);
    }

    private static (GenerativePart Part, TensorTree Parameters) Part(INetworkArchitecture architecture, ILikelihood? likelihood = null)
    {
        GenerativePart part = new(Latents, architecture, likelihood ?? new GaussianLikelihood(), new DataDescription(Columns, 17, Points), DType.Float64);
        return (part, part.Initialize(RandomKey.FromSeed(2)).Map(leaf => leaf + (0.3 * Normals((ulong)leaf.Count, 1, leaf.Count).Reshape(leaf.Shape))));
    }

    private static Tensor Normals(ulong seed, int rows, int columns) => EnergyCase.Normals(seed, rows, columns);

    private static void Close(double[] expected, double[] actual, double tolerance)
    {
        Assert.Equal(expected.Length, actual.Length);
        Assert.All(expected.Zip(actual), pair => Assert.Equal(pair.First, pair.Second, tolerance));
    }
}
