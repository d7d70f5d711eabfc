using Lae.Models;
using Lae.Networks;
using Lae.Numerics;
using Lae.Optimizers;
using Lae.Randomness;
using Lae.Targets;
using Lae.Tests.Models;

namespace Lae.Tests.Evaluation;

/// <summary>
/// z ~ N(0, I), x | z ~ N(W z, σ² I): log p(x) = log N(x; 0, W Wᵀ + σ² I), and the posterior N(Λ⁻¹ Wᵀ x/σ², Λ⁻¹) with Λ = I + Wᵀ W/σ², whose mean is linear in x. The model is a Langevin autoencoder whose encoder is that mean.
/// </summary>
internal sealed class FactorAnalysisProblem
{
    public FactorAnalysisProblem(int rows, int columns = 6, int latents = 3, double deviation = 0.6, ulong seed = 20_261_127)
    {
        (Columns, Latents) = (columns, latents);
        RandomKey key = RandomKey.FromSeed(seed);
        Tensor w = Normals(key.FoldIn(0), columns, latents);
        double variance = deviation * deviation;
        Precision = Tensor.Identity(latents, DType.Float64) + (w.MatMul(w, transposeA: true) / variance);
        Tensor encoder = ConjugateToy.Inverse(Precision).MatMul(w, transposeB: true) / variance;
        Model = Autoencoder(columns, latents, rows);
        Parameters = TensorTree.Of(
            ("encoder.lastLayer", encoder),
            ("decoder.0.weight", w),
            ("decoder.0.bias", Tensor.Zeros(new Shape(columns), DType.Float64)),
            ("likelihood.tau", Tensor.Scalar(Math.Log(Math.Exp(1 / variance) - 1), DType.Float64)));
        Z = Normals(key.FoldIn(1), rows, latents);
        X = Model.Simulate(key.FoldIn(2), Parameters, Z)!;
        Tensor factor = (w.MatMul(w, transposeB: true) + (variance * Tensor.Identity(columns, DType.Float64))).Cholesky();
        double logDeterminant = Enumerable.Range(0, columns).Sum(i => 2 * Math.Log(factor.ElementAt((i * columns) + i)));
        LogLikelihood = [.. factor.TriangularSolve(X.Transpose()).Square().Sum(0).ToArray().Select(square => -0.5 * ((columns * Math.Log(2 * Math.PI)) + logDeterminant + square))];
    }

    public int Columns { get; }

    public int Latents { get; }

    public ILatentVariableModel Model { get; }

    public TensorTree Parameters { get; }

    /// <summary>The latent points of the data: exact draws of their posteriors.</summary>
    public Tensor Z { get; }

    public Tensor X { get; }

    /// <summary>Λ, common to all observations.</summary>
    public Tensor Precision { get; }

    /// <summary>log p(x) of each observation, exactly.</summary>
    public double[] LogLikelihood { get; }

    public double Exact => LogLikelihood.Average();

    /// <summary>The same model with parameters whose encoder knows nothing.</summary>
    public TensorTree Blind => Parameters.With("encoder.lastLayer", Parameters["encoder.lastLayer"] * 0);

    /// <summary>KL of the best factorised Gaussian, of precisions Λ_jj, from the posterior: (Σ log Λ_jj − log det Λ)/2.</summary>
    public double BestDivergence()
    {
        Tensor factor = Precision.Cholesky();
        return Enumerable.Range(0, Latents).Sum(j => (0.5 * Math.Log(Diagonal(j))) - Math.Log(factor.ElementAt((j * Latents) + j)));
    }

    public double Diagonal(int j) => Precision.ElementAt((j * Latents) + j);

    public static Tensor Normals(RandomKey key, int rows, int columns)
    {
        double[] values = new double[rows * columns];
        RowDraws.Normal(key, 0, 0, rows, columns, values);
        return Tensor.FromArray(values, rows, columns);
    }

    private static LangevinAutoencoder Autoencoder(int columns, int latents, int rows) => new(
        new LangevinAutoencoderParts(
            latents, new LinearArchitecture(), new LinearArchitecture(), new GaussianLikelihood(), new DatapointLangevin(), new RegressionUpdate(), 1,
            new StepSizeAdaptation(0.1), new Adam(1e-3), new Adam(1e-3), DType.Float64),
        new DataDescription(columns, null, rows));
}

/// <summary>A model with another q, or with a prior whose density is raised by a constant and said to be not normalised.</summary>
internal sealed class AlteredModel(ILatentVariableModel model, Func<TensorTree, Tensor, IApproximatePosterior>? posterior = null, double raised = 0) : ILatentVariableModel
{
    public string Name => "altered " + model.Name;

    public DataDescription Data => model.Data;

    public int LatentSize => model.LatentSize;

    public TrainingState Initialize(RandomKey key) => model.Initialize(key);

    public TrainingTransition Train(RandomKey key, Tensor batch, TrainingState state) => model.Train(key, batch, state);

    public IReadOnlyDictionary<string, double> Diagnose(Tensor batch, TrainingState state) => model.Diagnose(batch, state);

    public Tensor Encode(TensorTree parameters, Tensor x) => model.Encode(parameters, x);

    public IPrior Prior(TensorTree parameters) => raised == 0 ? model.Prior(parameters) : new RaisedPrior(model.Prior(parameters), raised);

    public LatentDensity Density(TensorTree parameters, Tensor x)
    {
        LatentDensity inner = model.Density(parameters, x);
        return new LatentDensity(inner.Points, inner.LatentSize, inner.DType, z => inner.Evaluate(z) is var at ? at with { LogDensity = at.LogDensity + raised } : at);
    }

    public IApproximatePosterior? ApproximatePosterior(TensorTree parameters, Tensor x) => posterior?.Invoke(parameters, x);

    public Tensor Decode(TensorTree parameters, Tensor z) => model.Decode(parameters, z);

    public Tensor Generate(RandomKey key, TensorTree parameters, int count) => model.Generate(key, parameters, count);
}

/// <summary>log p + c, not normalised.</summary>
internal sealed class RaisedPrior(IPrior prior, double raised, double precision = 1) : IPrior
{
    public bool IsNormalized => false;

    public Tensor LogDensity(Tensor z) => (prior.LogDensity(z) * precision) + raised;

    public Tensor Sample(RandomKey key, int count, int latentSize, DType dtype) => prior.Sample(key, count, latentSize, dtype);
}

/// <summary>q = N(m_i, diag(deviations²)) of each observation.</summary>
internal sealed class DiagonalPosterior(Tensor means, double[] deviations) : IApproximatePosterior
{
    public PosteriorDraws Sample(RandomKey key, int draws)
    {
        (int n, int d) = (means.Shape[0], means.Shape[1]);
        Tensor epsilon = FactorAnalysisProblem.Normals(key, draws * n, d);
        Tensor z = (epsilon * Tensor.FromArray(deviations)) + Shaping.Join(0, [.. Enumerable.Repeat(means, draws)]);
        double constant = (-0.5 * d * Math.Log(2 * Math.PI)) - deviations.Sum(Math.Log);
        return new PosteriorDraws(z, Reductions.DotRows(epsilon, epsilon).ScaleShift(-0.5, constant));
    }
}
