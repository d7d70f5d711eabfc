using Lae.Kernels;
using Lae.Networks;
using Lae.Numerics;
using Lae.Randomness;

namespace Lae.Models;

/// <summary>
/// Probabilistic PCA (one noise variance) and factor analysis (one for each column) as latent variable models whose posterior, likelihood and, by EM, learning are exact: the ground truth beside the others.
/// A training step is an EM step on running averages of the statistics of <see cref="LinearExpectationMaximization"/>,
/// <code>
///     s ← (1 − γ) s + γ s(batch),   γ = max(n/rows, 1/(1 + step)),   (W, μ, ψ) from s
/// </code>
/// so that with the whole data as a batch it is EM itself, and with small batches each row counts as it was when last seen (incremental EM: Neal and Hinton 1998; Cappé and Moulines 2009). Pixels are taken as real numbers.
/// Parameters: <c>loadings</c> [columns, d_z], <c>mean</c> [columns], <c>noiseVariance</c> [columns]. Shapes: x [n, columns], z [n, d_z].
/// </summary>
public sealed class LinearGaussianModel : ILatentVariableModel
{
    private readonly bool isIsotropic;
    private readonly DType dtype;

    /// <summary>A model.</summary>
    /// <param name="latentSize">d_z, 1 to the number of columns less 1.</param>
    /// <param name="isIsotropic">Whether the noise variance is one for all columns: probabilistic PCA, else factor analysis.</param>
    /// <param name="data">The form of the data.</param>
    /// <param name="dtype">The number type of parameters and data; everything is computed in float64.</param>
    public LinearGaussianModel(int latentSize, bool isIsotropic, DataDescription data, DType dtype = DType.Float32)
    {
        if (latentSize < 1 || latentSize >= data.Columns)
        {
            throw new ArgumentOutOfRangeException(nameof(latentSize), latentSize, $"Must be 1 or more, and less than the {data.Columns} columns.");
        }

        LatentSize = latentSize;
        this.isIsotropic = isIsotropic;
        Data = data;
        this.dtype = dtype;
    }

    /// <inheritdoc/>
    public string Name => isIsotropic ? "probabilistic PCA" : "factor analysis";

    /// <inheritdoc/>
    public DataDescription Data { get; }

    /// <inheritdoc/>
    public int LatentSize { get; }

    /// <inheritdoc/>
    public TrainingState Initialize(RandomKey key) => new(
        TensorTree.Of(
            ("loadings", OrthogonalInitialization.Draw(key, Data.Columns, LatentSize, dtype)),
            ("mean", Tensor.Zeros(new Shape(Data.Columns), dtype)),
            ("noiseVariance", Tensor.Ones(new Shape(Data.Columns), dtype))),
        TensorTree.Of(
            ("cross", Tensor.Zeros(new Shape(Data.Columns, LatentSize + 1), DType.Float64)),
            ("second", Tensor.Zeros(new Shape(LatentSize + 1, LatentSize + 1), DType.Float64)),
            ("squares", Tensor.Zeros(new Shape(Data.Columns), DType.Float64))),
        TensorTree.Empty,
        0);

    /// <inheritdoc/>
    public TrainingTransition Train(RandomKey key, Tensor batch, TrainingState state)
    {
        LinearGaussian before = Exact(state.Parameters);
        double loss = -before.LogMarginal(Checked(batch)).Mean().ToDouble();
        if (!double.IsFinite(loss))
        {
            throw new NonFiniteStateException("loss", state.Step + 1);
        }

        double gain = Math.Max(Math.Min(1.0, (double)batch.Shape[0] / Data.Rows), 1.0 / (state.Step + 1));
        TensorTree statistics = state.Optimizer.Zip(LinearExpectationMaximization.Expect(before, batch), (old, seen) => Elementwise.ScaleAdd(1 - gain, old, seen * gain));
        LinearGaussian after = LinearExpectationMaximization.Maximize(statistics, isIsotropic);
        TensorTree parameters = TensorTree.Of(
            ("loadings", after.Loadings.Cast(dtype)), ("mean", after.Mean.Cast(dtype)), ("noiseVariance", after.Variances.Cast(dtype)));
        double entropy = 0.5 * ((LatentSize * Math.Log(2 * Math.PI * Math.E)) - before.LogDeterminant);
        return new TrainingTransition(new TrainingState(parameters, statistics, TensorTree.Empty, state.Step + 1), new Dictionary<string, double>
        {
            ["loss"] = loss,

            // −E[log p(x, z)] under the posterior
            ["energy"] = loss + entropy,
            ["likelihoodScale"] = Math.Sqrt(before.Variances.Mean().ToDouble()),
        });
    }

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, double> Diagnose(Tensor batch, TrainingState state) => new Dictionary<string, double>(
        ActiveLatents.Figures(Encode(state.Parameters, batch)))
    { ["batchSize"] = batch.Shape[0] };

    /// <summary>The exact answers at given parameters.</summary>
    /// <param name="parameters">Parameters of the model.</param>
    /// <returns>Posterior and log p(x), in float64.</returns>
    public static LinearGaussian Exact(TensorTree parameters) => new(parameters["loadings"], parameters["mean"], parameters["noiseVariance"]);

    /// <summary>The exact posterior mean.</summary>
    /// <param name="parameters">Parameters of the model.</param>
    /// <param name="x">[n, columns].</param>
    /// <returns>[n, d_z].</returns>
    public Tensor Encode(TensorTree parameters, Tensor x) => Exact(parameters).PosteriorMean(Checked(x)).Cast(dtype);

    /// <summary>Independent exact draws, whatever number of transitions above 0 is asked for.</summary>
    /// <param name="key">All randomness.</param>
    /// <param name="parameters">Parameters of the model.</param>
    /// <param name="x">[n, columns].</param>
    /// <param name="draws">Draws for each observation, 1 or more.</param>
    /// <param name="transitions">0 gives the encodings.</param>
    /// <returns>[draws, n, d_z].</returns>
    public Tensor SamplePosterior(RandomKey key, TensorTree parameters, Tensor x, int draws, int transitions)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(transitions);
        ArgumentOutOfRangeException.ThrowIfLessThan(draws, 1);
        Tensor rows = transitions == 0
            ? Shaping.Join(0, [.. Enumerable.Repeat(Encode(parameters, x), draws)])
            : Exact(parameters).SamplePosterior(key, Checked(x), draws).Cast(dtype);
        return rows.Reshape(draws, x.Shape[0], LatentSize).Detach();
    }

    /// <inheritdoc/>
    public IPrior Prior(TensorTree parameters) => new StandardNormalPrior();

    /// <inheritdoc/>
    public LatentDensity Density(TensorTree parameters, Tensor x)
    {
        IPrior prior = Prior(parameters);
        Tensor variances = parameters["noiseVariance"];
        double constant = -0.5 * ((Data.Columns * Math.Log(2 * Math.PI)) + variances.Cast(DType.Float64).Log().Sum().ToDouble());
        return LatentDensity.FromFunction(Checked(x), LatentSize, (z, observed) =>
        {
            Tensor residual = observed - Decode(parameters, z);
            return prior.LogDensity(z) + Reductions.DotRows(residual, residual / variances).ScaleShift(-0.5, constant);
        });
    }

    /// <summary>The exact posterior.</summary>
    /// <param name="parameters">Parameters of the model.</param>
    /// <param name="x">[n, columns].</param>
    /// <returns>p(z | x).</returns>
    public IApproximatePosterior ApproximatePosterior(TensorTree parameters, Tensor x) => new ExactPosterior(Exact(parameters), Checked(x));

    /// <inheritdoc/>
    public Tensor Decode(TensorTree parameters, Tensor z) => z.MatMul(parameters["loadings"], transposeB: true) + parameters["mean"];

    /// <inheritdoc/>
    public Tensor? Simulate(RandomKey key, TensorTree parameters, Tensor z)
    {
        Tensor mean = Decode(parameters, z);
        double[] normals = new double[mean.Count];
        RowDraws.Normal(key, 0, 0, mean.Shape[0], mean.Shape[1], normals);
        return mean + (parameters["noiseVariance"].Sqrt() * Tensor.FromSpan<double>(mean.Workspace, normals, mean.Shape).Cast(dtype));
    }

    /// <inheritdoc/>
    public Tensor Generate(RandomKey key, TensorTree parameters, int count) => Decode(parameters, Prior(parameters).Sample(key, count, LatentSize, dtype));

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, double> Evaluate(RandomKey key, TensorTree parameters, Tensor x, EncoderBoundSettings? bound = null) =>
        new Dictionary<string, double>(ReconstructionFigures.Of(this, key, parameters, x, bound)) { ["exactLogLikelihood"] = Exact(parameters).LogMarginal(Checked(x)).Mean().ToDouble() };

    private Tensor Checked(Tensor x) => Data.Checked(x, dtype);

    private sealed class ExactPosterior(LinearGaussian model, Tensor x) : IApproximatePosterior
    {
        public PosteriorDraws Sample(RandomKey key, int draws)
        {
            Tensor z = model.SamplePosterior(key, x, draws);
            return new PosteriorDraws(z.Cast(x.DType), model.LogPosterior(x, z).Cast(x.DType));
        }
    }
}
