using FsCheck;
using FsCheck.Fluent;
using Lae.Kernels;
using Lae.Laws;
using Lae.Models;
using Lae.Networks;
using Lae.Numerics;
using Lae.Randomness;
using Lae.Targets;
using Lae.Tests.Laws;

namespace Lae.Tests.Models;

/// <summary>
/// Laws I-45, I-46 and I-48 of amortized Langevin dynamics by read-off, without randomness, and its whole-batch log ratio pointwise: on generated features G (condition
/// number of K up to 1e5), posteriors (a different precision for each datapoint) and step sizes.
/// </summary>
public sealed class AmortizedLangevinLawTests
{
    private const double Tolerance = 1e-9;
    private static readonly Config Seeded = Config.QuickThrowOnFailure.WithMaxTest(40).WithReplay(20_261_122, 45);

    [Fact]
    [Proves("I-45", "ALD")]
    public void I45_a_plain_step_is_langevin_dynamics_preconditioned_by_the_gram_matrix() => Check.One(Seeded, ForAll(problem =>
    {
        AffineMap map = AffineMap.ReadOff(problem.Plain());
        return problem.IsPreconditionedBy(problem.Expanded(LatentCoordinates.Gram(problem.Features)), map, problem.PlainLift);
    }));

    [Fact]
    public void I45_a_step_with_doubled_noise_is_rejected() => Check.One(Seeded, ForAll(problem =>
    {
        AffineMap map = AffineMap.ReadOff(problem.Plain());
        return !problem.IsPreconditionedBy(problem.Expanded(LatentCoordinates.Gram(problem.Features)), map with { Noise = 2 * map.Noise }, problem.PlainLift);
    }));

    [Fact]
    [Proves("I-46", "ALD")]
    public void I46_the_stationary_law_of_the_latents() => Check.One(Seeded, ForAll(problem =>
    {
        Tensor covariance = LatentCovariance(problem);
        return Distance(covariance, problem.StationaryCovariance(problem.Expanded(LatentCoordinates.Gram(problem.Features)))) < Tolerance;
    }));

    [Fact]
    [Proves("I-46", "ALD")]
    public void I46_with_regularisation_has_the_effective_gram_matrix_of_the_whitened_coordinates() => Check.One(Seeded, ForAll(problem =>
    {
        Tensor mixing = problem.Mixing();
        Tensor effective = problem.Expanded(mixing.MatMul(mixing));
        Tensor lift = problem.Expanded(mixing);
        AffineMap map = AffineMap.ReadOff(problem.Whitened());
        Tensor covariance = lift.MatMul(StationaryLaw.Covariance(map)).MatMul(lift, transposeB: true);
        return problem.IsPreconditionedBy(effective, map, lift) && Distance(covariance, problem.StationaryCovariance(effective)) < Tolerance;
    }));

    [Fact]
    public void A_step_forgetting_the_gram_matrix_in_its_drift_is_rejected() => Check.One(Seeded, ForAll(problem =>
    {
        // the drift −η R g_Z in place of −η K R g_Z: dimensionally an easy slip, and invisible where K is near the identity
        Tensor mixing = problem.Mixing();
        Tensor wrongDrift = Tensor.Identity(problem.Size, DType.Float64)
            - (problem.StepSize * problem.Expanded(mixing.MatMul(problem.Resolvent())).MatMul(problem.Precision));
        AffineMap wrong = new(wrongDrift, Math.Sqrt(2 * problem.StepSize) * problem.Expanded(mixing), Tensor.Zeros(new Shape(problem.Size), DType.Float64));
        Tensor effective = problem.Expanded(mixing.MatMul(mixing));
        return StationaryLaw.SpectralRadius(wrong) >= 1
            || Distance(StationaryLaw.Covariance(wrong), problem.StationaryCovariance(effective)) > Tolerance;
    }));

    [Fact]
    [Proves("I-47", "ALD")]
    public void I47_the_bias_couples_datapoints_in_proportion_to_the_step_size() => Check.One(Seeded, ForAll(problem =>
    {
        // S = (A − (η/2) A K A)⁻¹ = A⁻¹ + (η/2) K + O(η²), and A⁻¹ has no block that joins two datapoints
        Problem small = problem with { Fraction = 0.05 * problem.Fraction };
        Problem half = small with { Fraction = 0.5 * small.Fraction };
        Tensor gram = problem.Expanded(LatentCoordinates.Gram(problem.Features));
        double first = Distance(Joining(LatentCovariance(small)) * (2 / small.StepSize), Joining(gram));
        double second = Distance(Joining(LatentCovariance(half)) * (2 / half.StepSize), Joining(gram));
        return first < 0.1 && (first < 1e-5 || Math.Abs((first / second) - 2) < 0.2);
    }));

    [Fact]
    [Proves("I-47", "ALD")]
    public void I47_with_a_diagonal_gram_matrix_datapoints_are_independent() => Check.One(Seeded, ForAll(problem =>
    {
        // the columns of the left factor rotated away: G has orthogonal rows
        Tensor scales = LatentCoordinates.Gram(problem.Features).SymmetricEigen().Values.Sqrt();
        Problem orthogonal = problem with { Features = scales.Reshape(Problem.Points, 1) * problem.RightVectors };
        Tensor covariance = LatentCovariance(orthogonal);
        return Joining(covariance).Abs().Flatten().Max(0).ToDouble() < Tolerance * covariance.Abs().Flatten().Max(0).ToDouble();
    }));

    [Fact]
    [Proves("I-49", "ALD")]
    public void I49_a_step_on_the_mean_energy_is_one_on_the_sum_with_the_step_size_over_n() => Check.One(Seeded, ForAll(problem =>
    {
        // the authors' code: x − η ∇(V/n) + √(2η/n) ξ
        LatentCoordinates coordinates = LatentCoordinates.LastLayer(problem.Quartic(), problem.Features, problem.LastLayer);
        Kernel<LangevinState> ours = new PlainAmortizedLangevin(metropolis: false).On(coordinates, problem.StepSize / Problem.Points);
        Tensor position = problem.Draw(5, 3, coordinates.Target.Dimension) * 0.3;
        Tensor xi = problem.Draw(6, 3, coordinates.Target.Dimension);
        Tensor gradientOfMean = coordinates.Target.Evaluate(position).Gradient / Problem.Points;
        Tensor theirs = position + (problem.StepSize * gradientOfMean) + (Math.Sqrt(2 * problem.StepSize / Problem.Points) * xi);
        return Distance(ours.Advance(new Noise(TensorTree.Of(["xi"], [xi])), ours.Initialize(position)).State.Position, theirs) < 1e-12;
    }));

    [Fact]
    [Proves("I-48", "ALD")]
    public void I48_with_fewer_features_than_datapoints_the_latents_stay_in_the_column_space() => Check.One(Seeded, ForAll(problem =>
    {
        Tensor features = problem.Features.Slice(1, 0, Problem.Points - 1);
        Problem narrow = problem with { Features = features };
        AffineMap map = AffineMap.ReadOff(narrow.Plain());
        Tensor lift = narrow.PlainLift;
        Tensor normal = ConjugateToy.Inverse(features.MatMul(features, transposeA: true));
        Tensor outside = narrow.Expanded(Tensor.Identity(Problem.Points, DType.Float64) - features.MatMul(normal).MatMul(features, transposeB: true));
        Tensor moved = outside.MatMul(lift.MatMul(map.State - Tensor.Identity(map.State.Shape[0], DType.Float64)));
        return moved.Abs().Flatten().Max(0).ToDouble() < Tolerance && outside.MatMul(lift.MatMul(map.Noise)).Abs().Flatten().Max(0).ToDouble() < Tolerance
            && Enumerable.Range(0, narrow.Size).Sum(i => outside.ElementAt((i * narrow.Size) + i)) > 1.5;
    }));

    [Fact]
    public void The_whole_batch_log_ratio_of_the_plain_kernel_holds_pointwise() => Check.One(Seeded, ForAll(problem =>
        RatioError(problem, LatentCoordinates.LastLayer(problem.Quartic(), problem.Features, problem.LastLayer), LatentCoordinates.Gram(problem.Features), scale: 1) < 1e-12));

    [Fact]
    public void The_whole_batch_log_ratio_of_the_regularised_kernel_holds_pointwise() => Check.One(Seeded, ForAll(problem =>
    {
        Tensor mixing = problem.Mixing();
        LatentCoordinates coordinates = LatentCoordinates.Whitened(problem.Quartic(), problem.Features, problem.LastLayer, problem.Regularization);
        return RatioError(problem, coordinates, mixing.MatMul(mixing), scale: 1) < 1e-12;
    }));

    [Fact]
    public void A_ratio_with_half_the_gradient_term_is_rejected() => Check.One(Seeded, ForAll(problem =>
        RatioError(problem, LatentCoordinates.LastLayer(problem.Quartic(), problem.Features, problem.LastLayer), LatentCoordinates.Gram(problem.Features), scale: 0.5) > 1e-12));

    [Fact]
    public void The_last_layer_of_the_whitened_coordinates_reproduces_the_latents() => Check.One(Seeded, ForAll(problem =>
    {
        LatentCoordinates coordinates = LatentCoordinates.Whitened(problem.Quartic(), problem.Features, problem.LastLayer, problem.Regularization);
        Tensor w = problem.Draw(9, 1, problem.Size);
        Tensor z = coordinates.ToLatents(w);
        Tensor encoded = problem.Features.MatMul(coordinates.ToLastLayer!(w), transposeB: true);
        return (z - encoded).Abs().Flatten().Max(0).ToDouble() < 1e-8 * (1 + z.Abs().Flatten().Max(0).ToDouble());
    }));

    [Fact]
    public void The_kernel_takes_lambda_relative_to_the_mean_eigenvalue() => Check.One(Seeded, ForAll(problem =>
    {
        double mean = LatentCoordinates.Gram(problem.Features).SymmetricEigen().Values.Mean().ToDouble();
        LatentCoordinates absolute = LatentCoordinates.Whitened(problem.Quartic(), problem.Features, problem.LastLayer, problem.Regularization * mean);
        LatentCoordinates relative = new PreconditionedAmortizedLangevin(problem.Regularization).Coordinates(problem.Quartic(), problem.Features, problem.LastLayer);
        Tensor w = problem.Draw(9, 1, problem.Size);
        return Distance(relative.ToLatents(w), absolute.ToLatents(w)) < Tolerance;
    }));

    /// <summary>The stationary covariance of vec(Z) under the plain kernel, in an orthonormal basis of the row space of G, outside of which Φ walks without bound and no datapoint sees it.</summary>
    private static Tensor LatentCovariance(Problem problem)
    {
        AffineMap map = AffineMap.ReadOff(problem.Plain());
        Tensor basis = problem.RowSpace;
        AffineMap seen = new(
            basis.MatMul(map.State).MatMul(basis, transposeB: true), basis.MatMul(map.Noise), Tensor.Zeros(new Shape(problem.Size), DType.Float64));
        Tensor lift = problem.PlainLift.MatMul(basis, transposeB: true);
        return lift.MatMul(StationaryLaw.Covariance(seen)).MatMul(lift, transposeB: true);
    }

    /// <summary>The blocks of a matrix of vec(Z) that join two different datapoints; zeros elsewhere.</summary>
    private static Tensor Joining(Tensor matrix)
    {
        int size = matrix.Shape[0];
        int block = size / Problem.Points;
        return Tensor.FromArray([.. matrix.ToArray().Select((value, at) => at / size / block == at % size / block ? 0 : value)], size, size);
    }

    /// <summary>V − V' + ⟨ΔZ, g + g'⟩/2 + (η/4)(tr gᵀ K g − tr g'ᵀ K g'), g = ∇_Z of the energy, against what the kernel reports.</summary>
    private static double RatioError(Problem problem, LatentCoordinates coordinates, Tensor effective, double scale)
    {
        Kernel<LangevinState> kernel = new PlainAmortizedLangevin().On(coordinates, problem.StepSize);
        Tensor position = problem.Draw(5, 1, coordinates.Target.Dimension) * 0.3;
        (Tensor proposed, Tensor reported) = MetropolisLaws.Propose(kernel, position, problem.Draw(6, 1, coordinates.Target.Dimension));
        (Tensor z, Tensor y) = (coordinates.ToLatents(position), coordinates.ToLatents(proposed));
        LatentDensity density = problem.Quartic();
        (LogDensityAndGradient here, LogDensityAndGradient there) = (density.Evaluate(z), density.Evaluate(y));
        (Tensor g, Tensor h) = (-here.Gradient, -there.Gradient);
        double difference = there.LogDensity.Sum().ToDouble() - here.LogDensity.Sum().ToDouble();
        double along = 0.5 * ((y - z) * (g + h)).Sum().ToDouble();
        double squaresHere = (g * effective.MatMul(g)).Sum().ToDouble();
        double squaresThere = (h * effective.MatMul(h)).Sum().ToDouble();
        double expected = difference + along + (scale * problem.StepSize / 4 * (squaresHere - squaresThere));
        double size = 1 + here.LogDensity.Abs().Sum().ToDouble() + there.LogDensity.Abs().Sum().ToDouble() + Math.Abs(along)
            + (problem.StepSize * (squaresHere + squaresThere));
        return Math.Abs(expected - reported.ToDouble()) / size;
    }

    private static double Distance(Tensor a, Tensor b) => (a - b).Abs().Flatten().Max(0).ToDouble() / (1 + b.Abs().Flatten().Max(0).ToDouble());

    private static Property ForAll(Func<Problem, bool> law) => Prop.ForAll(Problems.ToArbitrary(), law);

    private static Gen<Problem> Problems =>
        from seed in Gen.Choose(0, int.MaxValue)
        from logCondition in Gen.Choose(3, 50)
        from fraction in Gen.Choose(5, 95)
        from logRegularization in Gen.Choose(-10, 20)
        select Problem.Create((ulong)seed, Math.Pow(10, logCondition / 10.0), fraction / 100.0, Math.Pow(10, (logRegularization - logCondition) / 10.0));

    /// <summary>A generated batch: n = 4 datapoints, d = 6 features, two latents, with a Gaussian posterior for each datapoint.</summary>
    private sealed record Problem(ulong Seed, Tensor Features, Tensor LastLayer, double[][] Precisions, double Fraction, double Regularization, Tensor RightVectors)
    {
        public const int Points = 4;
        private const int Width = 6;
        private const int LatentSize = 2;

        public int Size => Points * LatentSize;

        /// <summary>A fraction of the largest stable step: the eigenvalues of K are at most 1, and so are those of (K R)².</summary>
        public double StepSize => Fraction * 1.9 / Largest(Precision);

        /// <summary>Block diagonal, in the order of vec(Z).</summary>
        public Tensor Precision
        {
            get
            {
                double[] a = new double[Size * Size];
                for (int i = 0; i < Points; i++)
                {
                    for (int r = 0; r < LatentSize; r++)
                    {
                        for (int c = 0; c < LatentSize; c++)
                        {
                            a[(((i * LatentSize) + r) * Size) + (i * LatentSize) + c] = Precisions[i][(r * LatentSize) + c];
                        }
                    }
                }

                return Tensor.FromArray(a, Size, Size);
            }
        }

        private Tensor Gram => LatentCoordinates.Gram(Features);

        /// <summary>An orthonormal basis of what G sees of vec(Φ), as rows.</summary>
        public Tensor RowSpace
        {
            get
            {
                double[] basis = new double[Size * LatentSize * Width];
                for (int k = 0; k < LatentSize; k++)
                {
                    for (int a = 0; a < Points; a++)
                    {
                        for (int j = 0; j < Width; j++)
                        {
                            basis[(((k * Points) + a) * LatentSize * Width) + (k * Width) + j] = RightVectors.ElementAt((a * Width) + j);
                        }
                    }
                }

                return Tensor.FromArray(basis, Size, LatentSize * Width);
            }
        }

        /// <summary>vec(Φ) to vec(Z).</summary>
        public Tensor PlainLift
        {
            get
            {
                int d = Features.Shape[1];
                double[] lift = new double[Size * LatentSize * d];
                for (int i = 0; i < Points; i++)
                {
                    for (int k = 0; k < LatentSize; k++)
                    {
                        for (int j = 0; j < d; j++)
                        {
                            lift[(((i * LatentSize) + k) * LatentSize * d) + (k * d) + j] = Features.ElementAt((i * d) + j);
                        }
                    }
                }

                return Tensor.FromArray(lift, Size, LatentSize * d);
            }
        }

        public static Problem Create(ulong seed, double condition, double fraction, double regularization)
        {
            RandomKey key = RandomKey.FromSeed(seed);
            // K has eigenvalues from 1 down to 1/condition, so G has singular values from 1 down to its root
            double[] singular = [.. Enumerable.Range(0, Points).Select(i => Math.Pow(condition, -0.5 * i / (Points - 1)))];
            Tensor left = OrthogonalInitialization.Draw(key.FoldIn(0), Points, Points, DType.Float64);
            Tensor right = OrthogonalInitialization.Draw(key.FoldIn(1), Points, Width, DType.Float64);
            double[][] precisions = [.. Enumerable.Range(0, Points).Select(i =>
            {
                Tensor root = Normal(key.FoldIn(2), (uint)i, LatentSize, LatentSize);
                return (root.MatMul(root, transposeB: true) + (0.3 * Tensor.Identity(LatentSize, DType.Float64))).ToArray();
            })];
            return new Problem(
                seed,
                (left * Tensor.FromArray(singular)).MatMul(right),
                Normal(key.FoldIn(3), 0, LatentSize, Width),
                precisions,
                fraction,
                regularization,
                right);
        }

        public Tensor Draw(uint stream, int rows, int columns) => Normal(RandomKey.FromSeed(Seed), stream, rows, columns);

        public Kernel<LangevinState> Plain() =>
            new PlainAmortizedLangevin(metropolis: false).On(LatentCoordinates.LastLayer(Gaussian(), Features, LastLayer.Slice(1, 0, Features.Shape[1])), StepSize);

        public Kernel<LangevinState> Whitened() =>
            new PlainAmortizedLangevin(metropolis: false).On(LatentCoordinates.Whitened(Gaussian(), Features, LastLayer, Regularization), StepSize);

        /// <summary>R = (K + λI)⁻¹.</summary>
        public Tensor Resolvent() => ConjugateToy.Inverse(Gram + (Regularization * Tensor.Identity(Points, DType.Float64)));

        /// <summary>K R.</summary>
        public Tensor Mixing() => Gram.MatMul(Resolvent());

        /// <summary>M ⊗ I in the order of vec(Z).</summary>
        public Tensor Expanded(Tensor m)
        {
            double[] whole = new double[Size * Size];
            for (int i = 0; i < Points; i++)
            {
                for (int j = 0; j < Points; j++)
                {
                    for (int k = 0; k < LatentSize; k++)
                    {
                        whole[(((i * LatentSize) + k) * Size) + (j * LatentSize) + k] = m.ElementAt((i * Points) + j);
                    }
                }
            }

            return Tensor.FromArray(whole, Size, Size);
        }

        /// <summary>(A − (η/2) A K A)⁻¹.</summary>
        public Tensor StationaryCovariance(Tensor effective)
        {
            Tensor a = Precision;
            Tensor whole = a - (0.5 * StepSize * a.MatMul(effective).MatMul(a));
            return ConjugateToy.Inverse(0.5 * (whole + whole.Transpose()));
        }

        /// <summary>
        /// Whether a step, seen in Z = lift · position + constant, is Langevin dynamics with a preconditioner P: lift B = (I − ηPA) lift and lift C Cᵀ liftᵀ = 2ηP.
        /// </summary>
        public bool IsPreconditionedBy(Tensor preconditioner, AffineMap map, Tensor lift)
        {
            Tensor drift = Tensor.Identity(Size, DType.Float64) - (StepSize * preconditioner.MatMul(Precision));
            Tensor noise = lift.MatMul(map.NoiseCovariance()).MatMul(lift, transposeB: true);
            return Distance(lift.MatMul(map.State), drift.MatMul(lift)) < Tolerance && Distance(noise / StepSize, 2 * preconditioner) < Tolerance;
        }

        /// <summary>Every datapoint with its own Gaussian posterior about 0.</summary>
        public LatentDensity Gaussian() => new(Points, LatentSize, DType.Float64, z =>
        {
            int blocks = z.Shape[0] / Points;
            Tensor flat = z.Reshape(blocks, Size);
            Tensor gradient = -flat.MatMul(Precision).Reshape(z.Shape);
            return new LogDensityAndGradient(0.5 * Reductions.DotRows(z, gradient), gradient);
        });

        /// <summary>The same with a quartic term, so that nothing is affine.</summary>
        public LatentDensity Quartic()
        {
            LatentDensity gaussian = Gaussian();
            return new LatentDensity(Points, LatentSize, DType.Float64, z =>
            {
                LogDensityAndGradient rows = gaussian.Evaluate(z);
                return new LogDensityAndGradient(rows.LogDensity - (0.25 * z.Square().Square().Sum(1)), rows.Gradient - (z.Square() * z));
            });
        }

        private static double Largest(Tensor symmetric) => symmetric.SymmetricEigen().Values.ElementAt(symmetric.Shape[0] - 1);

        private static Tensor Normal(RandomKey key, uint stream, int rows, int columns)
        {
            double[] values = new double[rows * columns];
            RowDraws.Normal(key, stream, 0, rows, columns, values);
            return Tensor.FromArray(values, rows, columns);
        }
    }
}
