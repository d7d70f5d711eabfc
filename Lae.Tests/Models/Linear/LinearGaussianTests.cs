using Lae.Kernels;
using Lae.Models;
using Lae.Numerics;
using Lae.Randomness;
using Lae.Targets;
using MathNet.Numerics.LinearAlgebra;

namespace Lae.Tests.Models;

/// <summary>Probabilistic PCA and factor analysis against <see cref="FactorScores"/>, the joint covariance, and the closed optimum.</summary>
public sealed class LinearGaussianTests
{
    private static readonly RandomKey Key = RandomKey.FromSeed(20_261_129);
    private static readonly PpcaProblem Problem = new(seed: 1, rows: 300);
    private static readonly LinearGaussian Model = Made();

    [Fact]
    public void The_log_marginal_likelihood_is_that_of_the_joint_covariance()
    {
        Tensor variance = Tensor.Full(0.3, new Shape(PpcaProblem.Columns), DType.Float64);
        LinearGaussian isotropic = new(Model.Loadings, Model.Mean, variance);
        Assert.Equal(Problem.LogMarginalLikelihood(Model.Loadings, 0.3, Model.Mean), isotropic.LogMarginal(Problem.Data).Mean().ToDouble(), 1e-11);
    }

    [Fact]
    public void The_posterior_is_that_of_the_factor_scores()
    {
        Tensor x = Problem.Data.Slice(0, 0, 4);
        ExactTarget scores = FactorScores.Create(ToMatrix(x), ToMatrix(Model.Loadings), Model.Mean.ToArray(), Model.Variances.Sqrt().ToArray());
        Tensor z = Model.SamplePosterior(Key, x, 5);
        double[] expected = scores.Target.Evaluate(z.Reshape(5, 4 * PpcaProblem.Latents)).LogDensity.ToArray();
        double[] actual = Model.LogPosterior(x, z).Reshape(5, 4).Sum(1).ToArray();
        Assert.All(expected.Zip(actual), pair => Assert.Equal(pair.First, pair.Second, 1e-10));
    }

    [Fact]
    public void Density_likelihood_and_posterior_of_the_model_agree_by_Bayes()
    {
        // log p(z) + log p(x | z) = log p(x) + log p(z | x) at every z, not at draws alone
        foreach (LinearGaussianModel model in Models())
        {
            TensorTree parameters = Parameters();
            Tensor x = Problem.Data.Slice(0, 0, 7);
            PosteriorDraws draws = model.ApproximatePosterior(parameters, x).Sample(Key, 2);
            Tensor joint = model.Density(parameters, x).LogDensity(draws.Latents);
            Tensor marginal = LinearGaussianModel.Exact(parameters).LogMarginal(x);
            Close(joint, Shaping.Join(0, marginal, marginal) + draws.LogDensity, 1e-10);
        }
    }

    [Fact]
    public void Draws_have_the_posteriors_moments()
    {
        // 300 · 200 independent residuals: six deviations of a mean of ξ and of ξ²
        const int Draws = 200;
        int n = Problem.Rows * Draws;
        Tensor z = Model.SamplePosterior(Key, Problem.Data, Draws);
        Tensor mean = Model.PosteriorMean(Problem.Data);
        Tensor residual = (z.Reshape(Draws, Problem.Rows, -1) - mean).Reshape(n, -1).MatMul(Model.Factor);
        Assert.All(residual.Mean(0).ToArray(), value => Assert.InRange(value, -6 / Math.Sqrt(n), 6 / Math.Sqrt(n)));
        Tensor second = residual.MatMul(residual, transposeA: true) / n;
        Assert.All((second - Tensor.Identity(PpcaProblem.Latents, DType.Float64)).ToArray(), value => Assert.InRange(value, -6 * Math.Sqrt(2.0 / n), 6 * Math.Sqrt(2.0 / n)));
    }

    [Fact]
    public void The_principal_components_are_the_optimum_to_which_expectation_maximisation_converges()
    {
        LinearGaussian closed = LinearExpectationMaximization.PrincipalComponents(Problem.Data, PpcaProblem.Latents);
        double optimum = closed.LogMarginal(Problem.Data).Mean().ToDouble();
        Assert.Equal(Problem.MaximumLogMarginalLikelihood(), optimum, 1e-11);
        LinearGaussian found = LinearExpectationMaximization.Converge(Model, Problem.Data, isIsotropic: true);
        Assert.Equal(optimum, found.LogMarginal(Problem.Data).Mean().ToDouble(), 1e-9);
    }

    [Fact]
    public void Factor_analysis_ends_where_the_likelihood_has_no_slope_and_above_probabilistic_PCA()
    {
        LinearGaussian found = LinearExpectationMaximization.Converge(Model, Problem.Data, isIsotropic: false, tolerance: 1e-14);
        double reached = Value(found.Loadings, found.Variances);
        Assert.True(reached > Problem.MaximumLogMarginalLikelihood());
        for (int i = 0; i < PpcaProblem.Columns; i++)
        {
            // a tenth of a thousandth of the curvature's scale: an EM step gains less than 1e-14 here
            double[] up = found.Variances.ToArray();
            double[] down = found.Variances.ToArray();
            up[i] *= 1 + 1e-4;
            down[i] *= 1 - 1e-4;
            Assert.InRange((Value(found.Loadings, Tensor.FromArray(up)) - Value(found.Loadings, Tensor.FromArray(down))) / 2e-4, -1e-5, 1e-5);
        }

        double Value(Tensor loadings, Tensor variances) => new LinearGaussian(loadings, found.Mean, variances).LogMarginal(Problem.Data).Mean().ToDouble();
    }

    [Fact]
    public void Every_training_step_on_all_data_raises_the_likelihood()
    {
        foreach (LinearGaussianModel model in Models())
        {
            TrainingState state = model.Initialize(Key);
            double loss = double.PositiveInfinity;
            for (int step = 0; step < 50; step++)
            {
                TrainingTransition next = model.Train(Key, Problem.Data, state);
                Assert.True(next.Info["loss"] <= loss + 1e-12);
                Assert.True(next.Info["energy"] > next.Info["loss"] - (0.5 * PpcaProblem.Columns));
                (state, loss) = (next.State, next.Info["loss"]);
            }
        }
    }

    [Fact]
    public void Small_batches_come_close_to_the_optimum()
    {
        LinearGaussianModel model = new(PpcaProblem.Latents, isIsotropic: true, new DataDescription(PpcaProblem.Columns, null, Problem.Rows), DType.Float64);
        TrainingState state = model.Initialize(Key);
        for (int step = 0; step < 600; step++)
        {
            int start = 50 * (step % 6);
            state = model.Train(Key, Problem.Data.Slice(0, start, 50), state).State;
        }

        double gap = Problem.MaximumLogMarginalLikelihood() - LinearGaussianModel.Exact(state.Parameters).LogMarginal(Problem.Data).Mean().ToDouble();

        // a running mean with gain 1/6 weighs six batches in turn by up to 1.2⁵ to 1, which is worth 5.5 of them: for 38 parameters 0.006 nats
        Assert.InRange(gap, -1e-12, 0.05);
    }

    [Fact]
    public void A_column_that_never_changes_is_borne()
    {
        Tensor x = Shaping.Join(1, Problem.Data, Tensor.Full(-1, new Shape(Problem.Rows, 1), DType.Float64));
        LinearGaussianModel model = new(2, isIsotropic: false, new DataDescription(PpcaProblem.Columns + 1, null, Problem.Rows), DType.Float64);
        TrainingState state = model.Initialize(Key);
        for (int step = 0; step < 20; step++)
        {
            TrainingTransition next = model.Train(Key, x, state);
            Assert.True(double.IsFinite(next.Info["loss"]));
            state = next.State;
        }
    }

    [Fact]
    public void Simulated_observations_have_the_mean_and_the_variances_of_the_noise()
    {
        const int Count = 40_000;
        Tensor z = Tensor.FromArray([0.4, -1.2, 0.7], 1, PpcaProblem.Latents).BroadcastTo(new Shape(Count, PpcaProblem.Latents));
        LinearGaussianModel model = Models()[1];
        Tensor residual = model.Simulate(Key, Parameters(), z)! - model.Decode(Parameters(), z);
        double[] variances = Model.Variances.ToArray();
        Assert.All(residual.Mean(0).ToArray().Zip(variances), pair => Assert.Equal(0, pair.First, 6 * Math.Sqrt(pair.Second / Count)));
        Assert.All(residual.Square().Mean(0).ToArray().Zip(variances), pair => Assert.Equal(1, pair.First / pair.Second, 6 * Math.Sqrt(2.0 / Count)));
    }

    [Fact]
    public void What_cannot_be_is_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new LinearGaussianModel(10, true, new DataDescription(10, null, 5)));
        Assert.Throws<ArgumentOutOfRangeException>(() => LinearExpectationMaximization.PrincipalComponents(Problem.Data, 10));
        Assert.Throws<ArithmeticException>(() => LinearExpectationMaximization.PrincipalComponents(Shaping.Join(1, Problem.Data.Slice(1, 0, 2), Problem.Data.Slice(1, 0, 2)), 2));
        Assert.Throws<ArgumentException>(() => new LinearGaussian(Model.Loadings, Model.Mean, -Model.Variances));
        LinearGaussianModel model = Models()[0];
        TrainingState state = model.Initialize(Key);
        Assert.Throws<ArgumentException>(() => model.Train(Key, Problem.Data.Slice(1, 0, 3), state));
        Assert.Throws<NonFiniteStateException>(() => model.Train(Key, Problem.Data * double.NaN, state));
    }

    private static LinearGaussianModel[] Models() =>
    [
        new(PpcaProblem.Latents, isIsotropic: true, new DataDescription(PpcaProblem.Columns, null, Problem.Rows), DType.Float64),
        new(PpcaProblem.Latents, isIsotropic: false, new DataDescription(PpcaProblem.Columns, null, Problem.Rows), DType.Float64),
    ];

    private static TensorTree Parameters() => TensorTree.Of(("loadings", Model.Loadings), ("mean", Model.Mean), ("noiseVariance", Model.Variances));

    private static LinearGaussian Made()
    {
        double[] values = new double[PpcaProblem.Columns * (PpcaProblem.Latents + 2)];
        RowDraws.Normal(Key.FoldIn(7), 0, 0, PpcaProblem.Columns, PpcaProblem.Latents + 2, values);
        Tensor table = Tensor.FromArray(values, PpcaProblem.Columns, PpcaProblem.Latents + 2);
        return new LinearGaussian(
            table.Slice(1, 0, PpcaProblem.Latents),
            table.Slice(1, PpcaProblem.Latents, 1).Reshape(PpcaProblem.Columns),
            (0.3 * table.Slice(1, PpcaProblem.Latents + 1, 1).Reshape(PpcaProblem.Columns)).Exp());
    }

    private static Matrix<double> ToMatrix(Tensor x) => Matrix<double>.Build.DenseOfRowMajor(x.Shape[0], x.Shape[1], x.ToArray());

    private static void Close(Tensor expected, Tensor actual, double tolerance)
    {
        Assert.Equal(expected.Shape, actual.Shape);
        Assert.All(expected.ToArray().Zip(actual.ToArray()), pair => Assert.Equal(pair.First, pair.Second, tolerance));
    }
}
