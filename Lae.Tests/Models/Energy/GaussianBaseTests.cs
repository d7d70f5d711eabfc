using FsCheck;
using FsCheck.Fluent;
using Lae.Models;
using Lae.Numerics;
using Lae.Optimizers;
using Lae.Randomness;

namespace Lae.Tests.Models;

/// <summary>The base measure that follows: the Gaussian that it says it is, the moments as its fixed point, and codes in its units.</summary>
public class GaussianBaseTests
{
    private const int D = 3;

    [Fact]
    public void With_no_energy_the_prior_is_the_Gaussian_of_the_base() => Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(30), Prop.ForAll(Gen.Choose(1, 100_000).ToArbitrary(), seed => Assert.Equal(0, Gap(seed, forgetsDeterminant: false), 1e-9)));

    [Fact]
    public void A_density_without_the_determinant_is_rejected() => Assert.NotEqual(0, Gap(5, forgetsDeterminant: true), 1e-2);

    [Fact]
    public void Whitening_undoes_colouring()
    {
        (TensorTree parameters, Tensor z) = Case(3);
        GaussianBase measure = new(parameters, DType.Float64);
        Assert.All((measure.Color(measure.Whiten(z)) - z).ToArray(), gap => Assert.Equal(0, gap, 1e-12));
    }

    [Fact]
    public void Moments_of_the_samples_are_the_fixed_point()
    {
        Tensor z = Case(8).Z;
        Tensor mean = z.Mean(0);
        Tensor centred = z - mean;
        TensorTree exact = TensorTree.Of(("mean", mean), ("covariance", centred.MatMul(centred, transposeA: true) / z.Shape[0]));
        TensorTree after = GaussianBase.Follow(exact, z);
        Assert.All((after["mean"] - mean).ToArray(), gap => Assert.Equal(0, gap, 1e-12));
        Assert.All((after["covariance"] - exact["covariance"]).ToArray(), gap => Assert.Equal(0, gap, 1e-7));

        TensorTree state = GaussianBase.Initialize(D);
        for (int step = 0; step < 3_000; step++)
        {
            state = GaussianBase.Follow(state, z);
        }

        Tensor whitened = new GaussianBase(state, DType.Float64).Whiten(z);
        Assert.All(whitened.Mean(0).ToArray(), value => Assert.Equal(0, value, 1e-5));
        Assert.All(((whitened.MatMul(whitened, transposeA: true) / z.Shape[0]) - Tensor.Identity(D, DType.Float64)).ToArray(), gap => Assert.Equal(0, gap, 1e-5));
    }

    [Fact]
    public void A_model_s_base_follows_its_posterior_samples_and_its_density_has_the_gradient_that_it_says()
    {
        ContrastiveLangevinAutoencoder model = new(
            new ContrastiveParts(EnergyCase.Autoencoder(), EnergyCase.Energy(0.01, DType.Float32), new Adam(1e-3), EnergyCase.Sampler(), new Generation(GenerationStart.Sampler, 4), LearnsBase: true), EnergyCase.Digits);
        Tensor data = EnergyCase.Data(100);
        TrainingState state = EnergyCase.Train(model, model.Initialize(RandomKey.FromSeed(4)), data, 60);
        Assert.NotEqual(1, GaussianBase.Deviation(state.Parameters.Under("base")), 1e-2);
        Tensor x = data.Slice(0, 0, 4);
        LatentDensity density = model.Density(state.Parameters, x);
        Tensor z = model.Encode(state.Parameters, x);
        Tensor direction = Tensor.Full(0.01, z.Shape, z.DType);
        double[] difference = (density.LogDensity(z + direction) - density.LogDensity(z - direction)).ToArray();
        double[] slope = (2 * density.Evaluate(z).Gradient * direction).Sum(1).ToArray();
        Assert.All(difference.Zip(slope), pair => Assert.Equal(pair.Second, pair.First, 0.02 + (0.02 * Math.Abs(pair.Second))));
        Assert.Equal([5, 64], model.Generate(RandomKey.FromSeed(2), state.Parameters, 5).Shape.ToArray());
    }

    /// <summary>log p(z) − log N(z; m, C) by the textbook's formula, at one point.</summary>
    private static double Gap(int seed, bool forgetsDeterminant)
    {
        (TensorTree parameters, Tensor z) = Case(seed);
        GaussianBase measure = new(parameters, DType.Float64);
        Tensor point = z.Slice(0, 0, 1);
        StandardNormalPrior standard = new();
        double found = (forgetsDeterminant ? standard.LogDensity(measure.Whiten(point)) : new BasedPrior(standard, measure).LogDensity(point)).ToArray()[0];
        double[] c = parameters["covariance"].ToArray();
        double determinant = (c[0] * ((c[4] * c[8]) - (c[5] * c[7]))) - (c[1] * ((c[3] * c[8]) - (c[5] * c[6]))) + (c[2] * ((c[3] * c[7]) - (c[4] * c[6])));
        Tensor offset = (point - parameters["mean"]).Reshape(D, 1);
        Tensor lower = parameters["covariance"].Cholesky();
        double quadratic = (offset * lower.TriangularSolve(lower.TriangularSolve(offset), transpose: true)).Sum().ToDouble();
        return found + (0.5 * (quadratic + Math.Log(determinant) + (D * Math.Log(2 * Math.PI))));
    }

    /// <summary>A random mean and covariance, and points that have other moments.</summary>
    private static (TensorTree Parameters, Tensor Z) Case(int seed)
    {
        RandomKey key = RandomKey.FromSeed((ulong)seed);
        double[] values = new double[(50 * D) + (D * D) + D];
        RowDraws.Normal(key, 0, 0, 1, values.Length, values);
        Tensor a = Tensor.FromArray(values[..(D * D)], D, D);
        Tensor covariance = a.MatMul(a, transposeB: true) + (0.1 * Tensor.Identity(D, DType.Float64));
        Tensor z = (2 * Tensor.FromArray(values[(D * D)..((D * D) + (50 * D))], 50, D)) + 1;
        return (TensorTree.Of(("mean", Tensor.FromArray(values[^D..], D)), ("covariance", covariance)), z);
    }
}
